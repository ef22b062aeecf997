import type { Provenance } from '../../result/provenance.js';
import { type Html, html } from '../html.js';
import type { ProvenanceFound } from './part.js';

/** Where a document was made and how to make it again, or why that is not told. */
export function provenanceOf(found: ProvenanceFound, beside: string): Html {
  if (found === 'absent')
    return note(
      `There is no ${beside} beside the document: the machine and the command that made it are unknown.`,
    );
  if (found === 'foreign')
    return note(`${beside} is of another document, so it says nothing of this one: its hash does not match.`);
  if (found === 'leftOut')
    return note(
      `Facts of the machine are left out, so that equal documents give equal reports; see ${beside}.`,
    );
  return known(found);
}

function note(text: string): Html {
  return html`<h3>Provenance</h3>
<p>${text}</p>`;
}

function known(provenance: Provenance): Html {
  const { command, commit, dirty, startedAt, node, nodeFlags, os, cpu, cores, loadAverage } = provenance;
  const facts: [string, string][] = [
    ['made at', startedAt],
    ['processor', `${cpu}, ${cores} cores`],
    ['load then', loadAverage.join(', ')],
    ['system', os],
    ['Node', [node, ...nodeFlags].join(' ')],
    ['commit', `${commit ?? 'no checkout'}${dirty === true ? ', with changes that were not committed' : ''}`],
    ['SHA-256 of the document', provenance.documentSha256],
  ];
  return html`<h3>Provenance</h3>
<p>Repeat this:</p>
<pre tabindex="0"><code>${command.map(quoted).join(' ')}</code></pre>
<dl>
${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
</dl>`;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
