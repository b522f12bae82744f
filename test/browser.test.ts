// The whole way in a browser: a student works through the exercise, is graded, mends it; the instructor sees it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, Product } from './support/product';
import { available, ROOT } from './support/tools';

const TOOLS = 'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8';
const DBINIT = 'registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1';
const MYSQL = 'registry.ocp4.example.com:8443/rhel8/mysql-80';
const SHOTS = join(ROOT, '.podlab', 'screenshots');

const shoot = (page: Page, name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });

/** The terminal in front, as a person sees it. */
class Screen {
  constructor(private readonly page: Page) {}

  text(): Promise<string> {
    return this.page
      .locator('.podlab-terminal:not([hidden]) .xterm-rows')
      .evaluate((rows) =>
        [...rows.children].map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()).join('\n'),
      );
  }

  /** Types a line and waits for a pattern below it. */
  async type(line: string, pattern: RegExp = /workstation [^\]]*\][$#]$/, limitMs = 60_000): Promise<string> {
    await this.page.keyboard.type('clear\n');
    await this.until((text) => /^\S*\[?[^\n]*[$#]$/.test(text.trim()) && text.trim().split('\n').length === 1, limitMs);
    await this.page.keyboard.type(`${line}\n`);
    return this.until((text) => text.trim().split('\n').length > 1 && pattern.test(text.trim()), limitMs);
  }

  async until(done: (text: string) => boolean, limitMs = 60_000): Promise<string> {
    const end = Date.now() + limitMs;
    for (let text = await this.text(); ; text = await this.text()) {
      if (done(text)) return text;
      if (Date.now() > end) throw new Error(`not seen in time; the screen shows:\n${text}`);
      await this.page.waitForTimeout(50);
    }
  }
}

describe.runIf(available('chromium'))('in the browser', () => {
  let product: Product;
  let browser: Browser;
  let newPage: Awaited<ReturnType<typeof openBrowser>>['newPage'];
  let page: Page;
  let foreign: string[];
  let screen: Screen;

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    [product, { browser, newPage }] = await Promise.all([Product.start(), openBrowser()]);
    ({ page, foreign } = await newPage(product.url));
    screen = new Screen(page);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  test('the student signs in and opens the lab', async () => {
    await shoot(page, 'sign-in');
    await page.fill('#email', 'student@podlab.example');
    await page.fill('#password', 'student-demo');
    await page.click('button[type=submit]');
    await page.waitForURL('**/labs');
    await page.waitForSelector('[data-lab=deploy-services]');
    await shoot(page, 'labs');
    await page.click('[data-lab=deploy-services] button');
    await page.waitForURL('**/attempts/**');
    await screen.until((text) => text.includes('[student@workstation ~]$'));
  });

  test('the exercise, up to the data', async () => {
    expect(await screen.type('lab start deploy-services')).toContain('SUCCESS');
    expect(await screen.type('oc login -u developer -p developer https://api.ocp4.example.com:6443')).toContain(
      'Login successful.',
    );
    await screen.type('oc project deploy-services');
    expect(await screen.type(`oc create deployment db-pod --port 3306 --image ${MYSQL}`)).toContain(
      'deployment.apps/db-pod created',
    );
    await screen.type('sleep 4');
    expect(await screen.type('oc get pods')).toMatch(/CrashLoopBackOff|Error/);
    expect(await screen.type('oc logs deployment/db-pod')).toContain('MYSQL_USER');
    const user = 'MYSQL_USER=$DATABASE_USER MYSQL_PASSWORD=$DATABASE_PASSWORD MYSQL_DATABASE=$DATABASE_NAME';
    expect(await screen.type(`oc set env deployment/db-pod ${user}`)).toContain('deployment.apps/db-pod updated');
    await screen.type('oc rollout status deployment/db-pod', /successfully rolled out[\s\S]*\][$#]$/);
    expect(await screen.type('oc get pods')).toMatch(/1\/1 +Running/);
    expect(await screen.type('oc get deployment')).toMatch(/db-pod +1\/1 +1 +1/);
    expect(await screen.type('oc expose deployment/db-pod')).toContain('service/db-pod exposed');
    expect(await screen.type('oc get service db-pod -o wide')).toMatch(
      /ClusterIP +172\.30\.\d+\.\d+ +<none> +3306\/TCP +\S+ +app=db-pod/,
    );
    const first = /db-pod +(10\.8\.\d+\.\d+):3306/.exec(await screen.type('oc get endpoints'))?.[1];
    expect(first).toBeDefined();
    await screen.type("PODNAME=$(oc get pods -o jsonpath='{.items[0].metadata.name}')", /\$[\s\S]*\][$#]$/);
    expect(await screen.type('oc get pod $PODNAME --show-labels')).toContain('app=db-pod,pod-template-hash=');
    expect(await screen.type('kubectl get pods -o wide')).toContain(first);
    expect(await screen.type('oc delete deployment.apps/db-pod')).toContain('deployment.apps "db-pod" deleted');
    expect(await screen.type('oc get service')).toMatch(/db-pod +ClusterIP/);
    await screen.type('oc wait --for=delete pod/$PODNAME --timeout=60s', /\$[\s\S]*\][$#]$/);
    expect(await screen.type('oc get endpoints')).toMatch(/db-pod +<none>/);
    await screen.type(`oc create deployment db-pod --port 3306 --image ${MYSQL}`);
    await screen.type(`oc set env deployment/db-pod ${user}`);
    await screen.type('oc rollout status deployment/db-pod', /successfully rolled out[\s\S]*\][$#]$/);
    expect(await screen.type('oc get endpoints')).toMatch(/db-pod +10\.8\.\d+\.\d+:3306/);
    expect(await screen.type('oc get endpoints')).not.toContain(`${first}:3306`);
    await screen.type(`oc run shell -it --image ${TOOLS}`, /(sh|bash)-[\d.]+[$#]$/);
    expect(await screen.type('cat /etc/resolv.conf', /ndots:5\n[^\n]*[$#]$/)).toContain('nameserver 172.30.0.10');
    const probe = 'nc -z db-pod.deploy-services 3306 && echo "Connection success" || echo "Connection failed"';
    expect(await screen.type(probe, /[$#]$/)).toContain('Connection success\n');
    expect(await screen.type('exit')).toContain('Session ended, resume using');
    await screen.type('oc delete pod shell');
    await screen.type('oc new-project deploy-services-2');
    const rm = `oc run shell -it --rm --image ${TOOLS} --restart Never -- nc -z db-pod.deploy-services.svc.cluster.local 3306 && echo ok || echo failed`;
    expect(await screen.type(rm)).toMatch(/pod "shell" deleted\nok\n/);
    await screen.type('oc project deploy-services');
  });

  test('is graded below full marks, and told why', async () => {
    await page.click('#grade');
    await page.waitForSelector('.podlab-report[data-score="70"][data-max="100"]');
    const data = page.locator('[data-check=data]');
    expect(await data.getAttribute('data-status')).toBe('failed');
    expect(await data.textContent()).toContain("doesn't exist");
    await shoot(page, 'report');
  });

  test('the page is closed and opened again: the same screen', async () => {
    const before = await screen.text();
    await page.reload();
    await screen.until((text) => text.trim() === before.trim());
  });

  test('mends it and gets full marks', async () => {
    await page.locator('.podlab-terminal:not([hidden]) .xterm-helper-textarea').focus();
    const job = `oc create job mysql-init --image ${DBINIT} -- /bin/bash -c "mysql -u$DATABASE_USER -p$DATABASE_PASSWORD --protocol tcp -h db-pod -P3306 $DATABASE_NAME </tmp/db-init.sql"`;
    expect(await screen.type(job)).toContain('job.batch/mysql-init created');
    await screen.type('oc wait --for=condition=complete job/mysql-init --timeout=60s', /condition met\n[^\n]*[$#]$/);
    const query = `oc run query-db -it --rm --image ${DBINIT} --restart Never -- mysql -u$DATABASE_USER -p$DATABASE_PASSWORD --protocol tcp -h db-pod -P3306 $DATABASE_NAME -e 'select * from Item;'`;
    expect(await screen.type(query)).toContain('Buy groceries');
    expect(await screen.type('oc get job; oc logs job/mysql-init')).toContain('mysql: [Warning] Using a password');
    expect(await screen.type('oc delete job mysql-init')).toContain('job.batch "mysql-init" deleted');
    await screen.type("POD_IP=$(oc get pod -l app=db-pod -o jsonpath='{.items[0].status.podIP}')", /\$[\s\S]*\][$#]$/);
    const direct = `oc run shell --env POD_IP=$POD_IP -it --rm --image ${TOOLS} --restart Never -- nc -z $POD_IP 3306 && echo ok || echo failed`;
    expect(await screen.type(direct)).toMatch(/pod "shell" deleted\nok\n/);
    expect(await screen.type('nc -z -w 1 $POD_IP 3306; echo status $?')).toContain('status 1');
    expect(await screen.type('lab grade deploy-services')).toContain('Overall lab grade: PASS (100 of 100 points)');
    await page.waitForSelector('.podlab-report[data-score="100"]', { timeout: 20_000 });
    await shoot(page, 'full-marks');
  });

  test('two terminals share one cluster, a loop prints as it goes, Ctrl-C stops it', async () => {
    await page.click('[aria-label="New terminal"]');
    await screen.until((text) => text.includes('[student@workstation ~]$'));
    await page.keyboard.type('oc get service db-pod\n');
    await screen.until((text) => text.includes('172.30.'));
    await page.keyboard.type('clear; while true; do date +%s; sleep 1; done\n');
    await screen.until((text) => (text.match(/^\d{10}$/gm) ?? []).length >= 2);
    await page.keyboard.press('Control+C');
    await screen.until((text) => /\^C\n\[student@workstation ~\]\$$/.test(text.trim()));
  });

  test('lab finish cleans up', async () => {
    expect(await screen.type('lab finish deploy-services')).toContain('SUCCESS');
  });

  test('the instructor sees the score, the report and the replay', async () => {
    const other = await newPage(product.url);
    await other.page.fill('#email', 'instructor@podlab.example');
    await other.page.fill('#password', 'instructor-demo');
    await other.page.click('button[type=submit]');
    await other.page.waitForURL('**/gradebook');
    const row = other.page.locator('[data-attempt]').first();
    expect(await row.textContent()).toContain('100 / 100');
    await shoot(other.page, 'gradebook');
    await row.locator('a').click();
    await other.page.waitForSelector('.podlab-report[data-score="100"]');
    await other.page.waitForSelector('.podlab-replay .xterm-rows');
    await shoot(other.page, 'review');
    expect(other.foreign).toEqual([]);
  });

  test('no page asked the outside for anything', () => {
    expect(foreign).toEqual([]);
  });
});
