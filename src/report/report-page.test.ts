import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from './report-page.js';
import { everyKind, MARKUP } from './sample-inputs.test-helper.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
if (CHROMIUM === undefined) console.warn('no chromium here: the report is not opened in a browser');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = [
  ...['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
  ...['--disable-sync', '--disable-default-apps', '--disable-domain-reliability'],
];
const THEMES = ['light', 'dark'] as const;

const folder = mkdtempSync(join(tmpdir(), 'tcebench-report-'));
let address = '';
let browser: Browser | undefined;
beforeAll(async () => {
  const file = join(folder, 'report.html');
  writeFileSync(file, await reportPage(await everyKind()));
  address = pathToFileURL(file).href;
  if (CHROMIUM !== undefined) browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Opens the report anew; tells what it asked for and complained of. */
async function opened(
  options: { colorScheme?: 'light' | 'dark'; width?: number },
  look: (page: Page, heard: { requests: string[]; errors: string[] }) => Promise<void>,
): Promise<void> {
  if (browser === undefined) throw new Error('no browser');
  const { colorScheme = 'light', width = 1200 } = options;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  try {
    const page = await context.newPage();
    const heard = { requests: [] as string[], errors: [] as string[] };
    page.on('request', (request) => heard.requests.push(request.url()));
    page.on('console', (message) => heard.errors.push(message.text()));
    page.on('pageerror', (error) => heard.errors.push(error.message));
    await page.goto(address);
    await look(page, heard);
  } finally {
    await context.close();
  }
}

describe('the report in a browser', () => {
  const seen = it.skipIf(CHROMIUM === undefined);

  seen('asks for nothing but itself and complains of nothing', async () => {
    await opened({}, async (page, { requests, errors }) => {
      await page.waitForLoadState('networkidle');
      expect(requests).toEqual([address]);
      expect(errors).toEqual([]);
      expect(await page.locator('script, link, iframe, img').count()).toBe(0);
    });
  });

  seen('has words and numbers for every figure', async () => {
    await opened({}, async (page) => {
      const figures = await page.locator('figure').evaluateAll((all) =>
        all.map((figure) => ({
          id: figure.id,
          label: figure.querySelector('svg[role=img]')?.getAttribute('aria-labelledby') ?? '',
          words: figure.querySelector('figcaption p[id$=-summary]')?.textContent?.length ?? 0,
          rows: figure.querySelectorAll('details table tbody tr').length,
          caption: figure.querySelector('details table caption')?.textContent ?? '',
          csv: figure.querySelector('a[download$=".csv"]')?.getAttribute('href') ?? '',
        })),
      );
      expect(figures.length).toBeGreaterThanOrEqual(18);
      for (const { id, label, words, rows, caption, csv } of figures) {
        expect(label, id).toBe(`${id}-title`);
        expect(words, id).toBeGreaterThan(30);
        expect(rows, id).toBeGreaterThan(0);
        expect(caption, id).not.toBe('');
        const lines = decodeURIComponent(csv.replace('data:text/csv;charset=utf-8,', '')).trim().split('\n');
        expect(lines.length, id).toBe(rows + 1);
      }
      expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
    });
  });

  seen.each(THEMES)('has no fault that axe can find, %s', async (colorScheme) => {
    await opened({ colorScheme }, async (page) => {
      await page.locator('details').evaluateAll((all) => {
        for (const details of all) details.setAttribute('open', '');
      });
      await page.evaluate(AXE);
      const faults = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as {
        id: string;
        nodes: { html: string; failureSummary: string }[];
      }[];
      expect(faults.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([]);
    });
  });

  seen('is dark where the reader wants it, charts too', async () => {
    const colours = async (colorScheme: 'light' | 'dark') => {
      let found: string[] = [];
      await opened({ colorScheme }, async (page) => {
        found = await page.evaluate(
          "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('svg text')).fill]",
        );
      });
      return found;
    };
    expect(await colours('light')).toEqual(['rgb(255, 255, 255)', 'rgb(34, 34, 34)']);
    expect(await colours('dark')).toEqual(['rgb(22, 24, 28)', 'rgb(236, 236, 236)']);
  });

  seen('does not scroll sideways on 400 pixels, folded or not', async () => {
    await opened({ width: 400 }, async (page) => {
      const overhang = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(await overhang()).toBeLessThanOrEqual(0);
      await page.locator('details').evaluateAll((all) => {
        for (const details of all) details.setAttribute('open', '');
      });
      expect(await overhang()).toBeLessThanOrEqual(0);
    });
  });

  seen('shows markup of its input as text', async () => {
    await opened({}, async (page) => {
      expect(await page.title()).toContain(MARKUP);
      expect(await page.locator('ul.warnings li', { hasText: MARKUP }).count()).toBeGreaterThanOrEqual(2);
      expect(await page.locator('figure svg text', { hasText: MARKUP }).count()).toBeGreaterThanOrEqual(1);
    });
  });
});
