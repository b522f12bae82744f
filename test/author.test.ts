// An author's way in the browser: a new lab, a mistake that shows where it is, the proof, publishing; the student sees it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { template } from '../lib/labs/template';
import { openBrowser, Product, type Session } from './support/product';
import { available, ROOT } from './support/tools';

const SHOTS = join(ROOT, '.podlab', 'screenshots');
const LAB = 'web-by-name';
const NARROW = { width: 420, height: 900 };

describe.runIf(available('chromium'))('the workshop', () => {
  let product: Product;
  let browser: Browser;
  let newPage: Awaited<ReturnType<typeof openBrowser>>['newPage'];
  let page: Page;
  let foreign: string[];
  let labs: string;
  let author: Session;

  const shoot = async (name: string) => {
    await page.screenshot({ path: join(SHOTS, `author-${name}.png`) });
    const wide = page.viewportSize();
    await page.setViewportSize(NARROW);
    await page.screenshot({ path: join(SHOTS, `author-${name}-narrow.png`), fullPage: true });
    if (wide) await page.setViewportSize(wide);
  };
  const put = (id: string, files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(labs, id, path)), { recursive: true });
      writeFileSync(join(labs, id, path), text);
    }
  };
  /** What the server has of the lab's definition. */
  const storedDefinition = async () => {
    const archive = await (await author.fetch(`/api/workshop/labs/${LAB}/export`)).arrayBuffer();
    return strFromU8(unzipSync(new Uint8Array(archive))[`${LAB}/lab.yaml`] ?? new Uint8Array());
  };
  const saved = () => page.waitForSelector('#draft-state[data-saving=false]');
  const pane = (name: string) => page.getByRole('tab', { name, exact: true }).click();
  const signIn = async (on: Page, role: string) => {
    await on.fill('#email', `${role}@podlab.example`);
    await on.fill('#password', `${role}-demo`);
    await on.click('button[type=submit]');
  };

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    labs = mkdtempSync(join(tmpdir(), 'podlab-labs-'));
    put('first-lab', template('first-lab'));
    [product, { browser, newPage }] = await Promise.all([Product.start(labs), openBrowser()]);
    ({ page, foreign } = await newPage(product.url));
    author = await product.signIn('author');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    rmSync(labs, { recursive: true, force: true });
  });

  test('makes a lab from the template', async () => {
    await signIn(page, 'author');
    await page.waitForURL('**/workshop');
    await page.waitForSelector('[data-workshop-lab=first-lab]');
    await page.click('#new-lab');
    await page.fill('#lab-id', LAB);
    await shoot('new-lab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/workshop/${LAB}`);
    await page.waitForSelector('[data-editor="lab.yaml"] .cm-content');
    await page.waitForSelector('[data-problems="0"]');
    await page.waitForSelector('.podlab-instructions h1');
    await shoot('editor');
  });

  test('a mistake shows at its line as one types, with the name that was meant, and goes when it is mended', async () => {
    const line = page.locator('.cm-line', { hasText: 'grader: endpoints' });
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.type('x');
    await page.waitForSelector('[data-problems="1"]');
    const told = await page.locator('.podlab-problems').textContent();
    const at = (template(LAB)['lab.yaml'] ?? '').split('\n').indexOf('    grader: endpoints') + 1;
    expect(told).toContain(
      `lab.yaml:${at}:13: checks.0.grader: there is no grader endpointsx (did you mean endpoints?)`,
    );
    await page.waitForSelector('.cm-lintRange-error');
    expect(await page.locator('#publish').isDisabled()).toBe(true);
    await shoot('mistake');
    await page.keyboard.press('Backspace');
    await page.waitForSelector('[data-problems="0"]');
  });

  test('completes keys and values from the format', async () => {
    await page.keyboard.press('Enter');
    await page.keyboard.type('req');
    await page.waitForSelector('.cm-tooltip-autocomplete');
    const option = page.locator('.cm-tooltip-autocomplete li', { hasText: 'required' });
    await option.waitFor();
    await shoot('completion');
    await option.click();
    await page.keyboard.type('tr');
    await page.locator('.cm-tooltip-autocomplete li', { hasText: 'true' }).click();
    await saved();
    await page.waitForSelector('[data-problems="0"]');
  });

  test('keeps what could not be sent, and sends it when the server is there again', async () => {
    await page.route('**/files', (route) => route.abort());
    await page.keyboard.type(' # kept');
    await page.waitForSelector('#draft-state:has-text("Not saved")');
    expect(await page.locator('#publish').isDisabled()).toBe(true);
    await page.unroute('**/files');
    await page.waitForSelector('#draft-state:has-text("Draft saved")');
    expect(await storedDefinition()).toContain('required: true # kept');
  });

  test('adds a file, renames it, and takes it away', async () => {
    const names = () =>
      page.locator('[data-file]').evaluateAll((all) => all.map((one) => one.getAttribute('data-file')));
    await page.getByLabel('New file').fill('ways/other.sh');
    await page.keyboard.press('Enter');
    await page.getByLabel('Rename ways/other.sh').click();
    await page.getByLabel('New name of ways/other.sh').fill('ways/by-name.sh');
    await shoot('rename');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-file="ways/by-name.sh"]');
    expect(await names()).not.toContain('ways/other.sh');
    await page.getByLabel('Remove ways/by-name.sh').click();
    await saved();
    expect(await names()).not.toContain('ways/by-name.sh');
    expect(await names()).toContain('solution.sh');
  });

  test('previews the instructions, without the script that somebody put into them', async () => {
    await page.click('[data-file="README.md"]');
    await page.locator('.cm-line', { hasText: '# A web server' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(
      '\n\nSeen *at once*. <script>document.title="owned"</script><img src=x onerror="document.title=1">',
    );
    await page.waitForSelector('.podlab-instructions em:has-text("at once")');
    expect(await page.locator('.podlab-instructions script, .podlab-instructions [onerror]').count()).toBe(0);
    expect(await page.locator('.podlab-instructions').textContent()).toMatch(/named web-[a-z]{4} /);
    await saved();
    await shoot('preview');
  });

  test('draws the graph, and opens a sandbox of the lab as it stands', async () => {
    await pane('Graph');
    await page.waitForSelector('.podlab-goal-objective');
    expect(await page.locator('.podlab-goal').count()).toBe(4);
    await shoot('graph');
    await pane('Sandbox');
    await page.click('#open-sandbox');
    await page.waitForSelector('.xterm-rows:has-text("student@workstation")', { timeout: 60_000 });
    await page.click('#grade-sandbox');
    await page.waitForSelector('.podlab-report[data-score="0"][data-max="100"]', { timeout: 60_000 });
    await shoot('sandbox');
  });

  test('proves it, and publishes it', async () => {
    await pane('Proof');
    await page.click('#prove');
    await page.waitForSelector('[data-proof=ok]', { timeout: 170_000 });
    expect(await page.locator('[data-proof-of=solution][data-ok=true]').count()).toBe(1);
    await shoot('proof');
    await page.click('#publish');
    await page.fill('#publish-note', 'The first one');
    await shoot('publish');
    await page.click('#publish-now');
    await page.waitForSelector('#published');
    await pane('Versions');
    expect(await page.locator('[data-version="1"]').textContent()).toContain('The first one');
  });

  test('the student sees it, and an attempt stays on its version while the next one is published', async () => {
    const student = await newPage(product.url);
    await signIn(student.page, 'student');
    await student.page.waitForSelector(`[data-lab=${LAB}]`);
    await student.page.click(`[data-lab=${LAB}] button`);
    await student.page.waitForSelector('.podlab-instructions em:has-text("at once")');
    const change = { path: 'README.md', text: '# Another text\n', revision: 0 };
    const { revision } = await author.json<{ revision: number }>(`/api/workshop/labs/${LAB}/files`, {
      method: 'POST',
      body: change,
    });
    await author.json(`/api/workshop/labs/${LAB}/publish`, {
      method: 'POST',
      body: { note: '', revision, unproved: true },
    });
    await student.page.reload();
    await student.page.waitForSelector('.podlab-instructions em:has-text("at once")');
    await student.page.waitForSelector('.xterm-rows:has-text("student@workstation")');
    await student.page.getByRole('tab', { name: 'Hints' }).click();
    for (let asked = 0; asked < 2; asked++) await student.page.click('[data-hint=endpoints] button');
    await student.page.waitForSelector('.xterm-rows:has-text("this hint costs 5 points")');
    await student.page.screenshot({ path: join(SHOTS, 'author-hints.png') });
    await student.page.click('#grade');
    await student.page.waitForSelector('.podlab-report[data-score="0"]', { timeout: 60_000 });
    expect(await student.page.locator('[data-check=endpoints]').textContent()).toMatch(
      /Required[\s\S]*Its hints cost 5 points/,
    );
    await student.page.screenshot({ path: join(SHOTS, 'author-report.png') });
    await student.page.getByRole('tab', { name: 'Instructions' }).click();
    await student.page.waitForSelector('[data-step-check=endpoints]:has-text("Not yet")');
    await student.page.screenshot({ path: join(SHOTS, 'author-steps.png') });
    expect(student.foreign).toEqual([]);
    await page.reload();
    await pane('Versions');
    await page.locator('[data-version="2"] button').click();
    await page.waitForSelector('[data-difference="README.md"] .cm-mergeView');
    await shoot('versions');
  });

  test('the instructor grades the snapshot again, by either version', async () => {
    const instructor = await newPage(product.url);
    await signIn(instructor.page, 'instructor');
    await instructor.page.locator('[data-attempt] a').first().click();
    await instructor.page.click('#regrade');
    await instructor.page.waitForSelector('#regraded:has-text("By version 1: nothing changed")', { timeout: 60_000 });
    await instructor.page.click('#regrade-newest');
    await instructor.page.waitForSelector('#regraded:has-text("By version 2: nothing changed")', { timeout: 60_000 });
    await instructor.page.screenshot({ path: join(SHOTS, 'author-regrade.png') });
  });

  test('a folder that is dropped is there at once; a broken one is reported by file and line', async () => {
    put('second-lab', template('second-lab'));
    const broken = template('third-lab')['lab.yaml']?.replace('grader: endpoints', 'grader: endpoint');
    put('third-lab', { ...template('third-lab'), 'lab.yaml': broken ?? '' });
    await page.goto(`${product.url}/workshop`);
    await page.waitForSelector('[data-workshop-lab=second-lab]');
    expect(await page.locator('[data-workshop-lab=third-lab]').textContent()).toMatch(
      /labs\/third-lab\/lab\.yaml:\d+:\d+: .*there is no grader endpoint \(did you mean endpoints\?\)/,
    );
    await shoot('shelf');
    const student = await product.signIn('student');
    expect((await student.fetch('/api/attempts', { method: 'POST', body: { lab: 'second-lab' } })).status).toBe(200);
  });

  test('exports the course, and imports it whole or not at all', async () => {
    const href = await page.locator('a[href$="/export"]').first().getAttribute('href');
    const files = unzipSync(new Uint8Array(await (await author.fetch(href ?? '')).arrayBuffer()));
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['course.yaml', `${LAB}/lab.yaml`, 'first-lab/README.md']),
    );
    const load = async (name: string, entries: Record<string, Uint8Array>) => {
      await page.setInputFiles('#import-zip', {
        name,
        mimeType: 'application/zip',
        buffer: Buffer.from(zipSync(entries)),
      });
      await page.click('#import-send');
    };
    await page.click('#import');
    await load('bad.zip', { ...files, 'new-lab/lab.yaml': strToU8('title: [') });
    await page.waitForSelector('#import-error:has-text("new-lab/lab.yaml:1:")');
    await shoot('import');
    await load('evil.zip', { ...files, '../evil/lab.yaml': strToU8('x') });
    await page.waitForSelector('#import-error:has-text("../evil/lab.yaml")');
    const renamed = Object.entries(template('fourth-lab')).map(([path, text]) => [`fourth-lab/${path}`, strToU8(text)]);
    await load('good.zip', Object.fromEntries(renamed));
    await page.waitForSelector('#import-done:has-text("fourth-lab")');
    await page.waitForSelector('[data-workshop-lab=fourth-lab]');
    expect(await page.locator('[data-workshop-lab=new-lab]').count()).toBe(0);
  });

  test('arranges the course, as students see it', async () => {
    await page.goto(`${product.url}/workshop`);
    await page
      .getByRole('button', { name: /^Arrange/ })
      .first()
      .click();
    const order = () =>
      page.locator('[data-arrange]').evaluateAll((all) => all.map((one) => one.getAttribute('data-arrange')));
    const [first, second] = await order();
    await page.locator(`[data-arrange="${second}"]`).getByLabel(/ up$/).click();
    await shoot('arrange');
    await page.click('#save-order');
    await page.waitForSelector('#save-order', { state: 'detached' });
    const shelf = () =>
      page.locator('[data-workshop-lab]').evaluateAll((all) => all.map((one) => one.getAttribute('data-workshop-lab')));
    await expect.poll(async () => (await shelf()).slice(0, 2)).toEqual([second, first]);
  });

  test('nobody else gets in, and no page asked the outside for anything', async () => {
    for (const role of ['student', 'instructor'] as const) {
      const other = await product.signIn(role);
      expect((await other.fetch('/workshop')).status).toBe(404);
      expect((await other.fetch(`/workshop/${LAB}`)).status).toBe(404);
      for (const path of [
        `labs/${LAB}/proof`,
        `labs/${LAB}/versions`,
        `labs/${LAB}/versions/1`,
        `labs/${LAB}/export`,
        'schema',
      ])
        expect((await other.fetch(`/api/workshop/${path}`)).status, path).toBe(403);
      const change = { path: 'README.md', text: 'x', revision: 0 };
      expect((await other.fetch(`/api/workshop/labs/${LAB}/files`, { method: 'POST', body: change })).status).toBe(403);
    }
    expect(foreign).toEqual([]);
  });
});
