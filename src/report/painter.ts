/** Paints a text in a style, or leaves it plain. */
export type Painter = (style: 'bold' | 'dim' | 'yellow' | 'red' | 'green', text: string) => string;
