// The page in a real browser: what it says, to whom, and what it asks for.
//   page_test.cjs URL SCREENSHOT
'use strict';

const assert = require('node:assert');
const {chromium} = require('playwright-core');

const [url, screenshot] = process.argv.slice(2);
const limit = {timeout: 60000};

function launch() {
  const port = new URL(url).port;
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0,
    args: [`--host-resolver-rules=MAP evil.example 127.0.0.1:${port}`],
  });
}

// The page is live: what is to be seen comes when it has happened.
async function comesToSay(element, pattern) {
  const until = Date.now() + limit.timeout;
  while (!pattern.test(await element.innerText())) {
    if (Date.now() > until) assert.match(await element.innerText(), pattern);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function saysEachStateWithItsReason(page) {
  const well = page.getByRole('article', {name: 'demo'});
  const stopped = page.getByRole('article', {name: 'wrong-secret'});
  await well.getByText('Running').waitFor(limit);
  await stopped.getByText('Stopped').waitFor(limit);
  assert.match(await stopped.locator('.reason').innerText(), /^Reason: .*(client|secret)/);
  await comesToSay(page.getByRole('status'), /^1 of 2 not well: wrong-secret \(Stopped\)\.$/);
  await comesToSay(well, /backfill: .* UTC to .* UTC; read up to .* \(100\.0 %\)/);
  await comesToSay(well, /live: from .* on; read up to .* UTC/);
  await comesToSay(well, /Late arrivals\s+\d+, up to \d+ s late/);
}

// What a reader of the screen is told in the place of the chart.
async function chartHasItsText(page) {
  const chart = page.getByRole('article', {name: 'demo'}).getByRole('img', {
    name: /^Chart\. Last \d+ (s|min): [\d,]+ records; now [\d,]+ a minute, at most [\d,]+; lag now .*, at most .*\.$/});
  await chart.waitFor(limit);
  await page.waitForFunction(() => {
    const lines = [...document.querySelector('svg').querySelectorAll('path')];
    return lines.length === 2 && lines.every((line) => line.getAttribute('d').split('L').length >= 3);
  }, null, limit);
}

async function isLive(page) {
  const records = page.getByRole('article', {name: 'demo'}).locator('dd').first();
  const before = await records.innerText();
  await page.waitForFunction((text) => document.querySelector('dd').textContent !== text, before, limit);
}

// Every state is a word, and the lines of the chart differ in form.
async function needsNoColour(page) {
  await page.emulateMedia({forcedColors: 'active'});
  assert.deepStrictEqual(await page.locator('.state strong').allInnerTexts(), ['Running', 'Stopped']);
  assert.notStrictEqual(...await page.locator('.mark').allInnerTexts());
  const dashes = await page.locator('svg').first().locator('path').evaluateAll((paths) =>
      paths.map((path) => getComputedStyle(path).strokeDasharray));
  assert.notStrictEqual(...dashes);
  await page.emulateMedia({forcedColors: 'none'});
}

async function fitsAPhone(page) {
  await page.setViewportSize({width: 320, height: 640});
  await page.waitForTimeout(100);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${width} pixels wide`);
  const sizes = await page.locator('p, dd, dt, svg text').evaluateAll((all) =>
      all.map((one) => parseFloat(getComputedStyle(one).fontSize)));
  assert.ok(Math.min(...sizes) >= 12, `text of ${Math.min(...sizes)} pixels`);
}

async function isNotForOtherSites(page) {
  const answer = await page.goto('http://evil.example/api/pipelines');
  assert.strictEqual(answer.status(), 403);
}

async function test(browser) {
  const page = await browser.newPage({viewport: {width: 900, height: 1000}});
  const asked = [], complaints = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url + '/');
  await saysEachStateWithItsReason(page);
  await isLive(page);
  await chartHasItsText(page);
  await needsNoColour(page);
  await page.screenshot({path: screenshot, fullPage: true});
  await fitsAPhone(page);
  assert.deepStrictEqual(complaints, []);
  assert.deepStrictEqual(asked.filter((one) => !one.startsWith(url + '/') && !one.startsWith('data:')), []);
  assert.ok(asked.includes(url + '/api/pipelines'));
  await isNotForOtherSites(page);
}

launch().then(async (browser) => {
  await test(browser).finally(() => browser.close());
  console.log('the page: 6 checks passed');
}).catch((failure) => { console.error(failure); process.exit(1); });
