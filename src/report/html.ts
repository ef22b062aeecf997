/** Markup that may stand in a page as it is; made by {@link html} and {@link trusted} only. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup with parts filled in; whatever is no markup of ours is shown as text, in attributes too. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    markup: texts.map((text, i) => text + (i < parts.length ? partText(parts[i] ?? '') : '')).join(''),
  };
}

/** Text that is markup already: only what this program has drawn itself. */
export function trusted(markup: string): Html {
  return { markup };
}

export const NOTHING: Html = { markup: '' };

function partText(part: Part): string {
  if (typeof part === 'object') {
    return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('\n');
  }
  return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
