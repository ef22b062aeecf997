import { COLORS } from '../charts/look.js';

/** The style of a page: light, or dark where the reader's system is. */
export function pageStyle(): string {
  return `
:root { color-scheme: light dark; ${variables(0)}
  --card: #f6f7f8; --line: #d5d8dc; --link: #005a9c; --warn: #8a4b00; }
@media (prefers-color-scheme: dark) {
  :root { ${variables(1)}
    --card: #1f2227; --line: #3f444b; --link: #7cc0f5; --warn: #f0b870; }
${darkCharts()}
}
* { box-sizing: border-box; }
html { font: 100%/1.5 "DejaVu Sans", Verdana, system-ui, sans-serif; }
body { margin: 0; background: var(--ground); color: var(--ink); }
header, main, nav, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.35rem; margin-top: 0; } h3 { font-size: 1.1rem; margin: 0 0 0.25rem; }
p, li, dd { overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .frame:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--ground); padding: 0.5rem; z-index: 1; }
.headline { border-left: 4px solid var(--real); padding-left: 0.75rem; margin: 1rem 0; font-weight: bold; }
.headline p { margin: 0 0 0.25rem; }
.headline.measured { border-left: 8px double var(--userspace); } .headline.none { border-left-color: var(--direct); }
.reading { color: var(--muted); font-size: 0.875rem; margin: 0 0 0.5rem; }
nav ol { padding-left: 1.5rem; }
section { border-top: 3px solid var(--real); padding-top: 1rem; margin-top: 2.5rem; }
section.measured { border-top: 6px double var(--userspace); }
section.other { border-top-color: var(--direct); }
.clock { display: inline-block; border: 1px solid currentColor; border-radius: 0.25rem; padding: 0 0.5rem; font-size: 0.875rem; }
figure { margin: 2rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
figcaption p { margin: 0 0 0.5rem; }
.frame { overflow-x: auto; max-width: 100%; }
.frame svg { display: block; width: 100%; min-width: 42rem; height: auto; }
details { margin: 0.75rem 0; } summary { cursor: pointer; }
table { border-collapse: collapse; font-size: 0.875rem; margin: 0.5rem 0; }
caption { text-align: left; font-weight: bold; padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); }
tbody th { font-weight: normal; } .number { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: var(--card); padding: 0.75rem; overflow-x: auto; font-size: 0.875rem; }
.warnings li { color: var(--warn); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
dt { color: var(--muted); } dd { margin: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } figure { padding: 0.5rem; } }
@media print { section { break-before: page; } .frame { overflow: visible; } .frame svg { min-width: 0; } }
`.trim();
}

function variables(theme: 0 | 1): string {
  return Object.entries(COLORS)
    .map(([name, values]) => `--${name}: ${values[theme]};`)
    .join(' ');
}

/** Charts are drawn once, in the light colours; rules of a style win over the attributes of a drawing. */
function darkCharts(): string {
  return Object.entries(COLORS)
    .map(
      ([name, [light]]) =>
        `  svg [fill="${light}"] { fill: var(--${name}); } svg [stroke="${light}"] { stroke: var(--${name}); }`,
    )
    .join('\n');
}
