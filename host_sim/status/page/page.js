'use strict';

const everyMs = 2000;
const names = {
  pending: ['…', 'Pending'], initializing: ['…', 'Initializing'], running: ['✔', 'Running'],
  throttled: ['◔', 'Throttled'], erroring: ['✖', 'Erroring'], stopped: ['■', 'Stopped'],
};
const cards = new Map();
let answered = null;

function make(tag, className, parent) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  parent.append(element);
  return element;
}

// Only what changed is touched: a reader of the screen is not interrupted, nor a selection lost.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function duration(seconds) {
  const s = Math.round(seconds), min = Math.floor(s / 60), h = Math.floor(min / 60);
  if (s < 120) return `${s} s`;
  if (min < 60) return `${min} min`;
  if (h < 48) return `${h} h ${min % 60} min`;
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

function number(value) { return Math.round(value).toLocaleString('en'); }

function time(iso) { return iso ? iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC') : 'unknown'; }

function sum(pipeline, name, label = '') {
  return pipeline.metrics.filter((one) => one.name === name && one.labels.includes(label))
      .reduce((total, one) => total + one.value, 0);
}

function figures(pipeline) {
  const late = sum(pipeline, 'late_records_total');
  const wait = (reason) => duration(pipeline.waits[reason].seconds);
  const commits = pipeline.commits;
  const perCommit = commits.times ? Math.round(1000 * commits.seconds / commits.times) : 0;
  return {
    'Records committed': number(pipeline.records),
    'Lag': pipeline.lag_seconds === null ? 'unknown' : duration(pipeline.lag_seconds),
    'Complete up to': time(pipeline.watermark),
    'Requests': `${number(sum(pipeline, 'requests_total'))}, ` +
        `${number(sum(pipeline, 'requests_total') - sum(pipeline, 'requests_total', 'outcome=ok'))} failed`,
    'Late arrivals': late ? `${number(late)}, up to ` +
        `${duration(sum(pipeline, 'greatest_lateness_seconds'))} late` : 'none',
    'Repeats dropped': number(sum(pipeline, 'repeats_dropped_total')),
    'Waits': `${wait('rate_limit')} for the pace, ${wait('backoff')} after failures`,
    'Commits': `${number(commits.times)}, ${perCommit} ms each, ${commits.queued} queued`,
  };
}

// Records a minute from one point to the next.
function rates(hour) {
  return hour.records.slice(1).map((records, i) => {
    const seconds = hour.time[i + 1] - hour.time[i];
    return seconds > 0 ? Math.max(0, records - hour.records[i]) * 60 / seconds : 0;
  });
}

function chartText(hour, perMinute) {
  if (perMinute.length === 0) return 'Last hour: nothing is known yet.';
  const lags = hour.lag_seconds.filter((lag) => lag !== null);
  const last = hour.records.length - 1;
  const records = Math.max(0, hour.records[last] - hour.records[0]);
  const lag = lags.length === 0 ? 'lag unknown' :
      `lag now ${duration(lags[lags.length - 1])}, at most ${duration(Math.max(...lags))}`;
  return `Last ${duration(hour.time[last] - hour.time[0])}: ${number(records)} records; ` +
      `now ${number(perMinute[perMinute.length - 1])} a minute, ` +
      `at most ${number(Math.max(...perMinute))}; ${lag}.`;
}

function svg(tag, attributes, parent) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.append(element);
  return element;
}

// One line of values over their times, from `top` to `bottom`; nulls are gaps.
function line(chart, className, times, values, top, bottom, label, show) {
  const known = values.filter((value) => value !== null);
  const most = Math.max(1, ...known);
  const from = times[0], span = Math.max(1, times[times.length - 1] - from);
  const width = chart.clientWidth || 600;
  let path = '', pen = 'M';
  values.forEach((value, i) => {
    if (value === null) { pen = 'M'; return; }
    const x = width * (times[i] - from) / span, y = bottom - (bottom - top) * value / most;
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  svg('line', {x1: 0, x2: width, y1: bottom, y2: bottom}, chart);
  svg('path', {class: className, d: path}, chart);
  svg('text', {x: 4, y: top - 4}, chart).textContent =
      known.length ? `${label}, up to ${show(Math.max(...known))}` : `${label}: unknown`;
}

function draw(card, hour) {
  const perMinute = rates(hour), text = chartText(hour, perMinute);
  say(card.caption, text);
  card.chart.setAttribute('aria-label', `Chart. ${text}`);
  card.chart.replaceChildren();
  if (perMinute.length === 0) return;
  const times = hour.time.slice(1);
  line(card.chart, 'records', times, perMinute, 20, 70, 'records a minute (solid)', number);
  line(card.chart, 'lag', times, hour.lag_seconds.slice(1), 95, 143, 'lag (dashed)', duration);
}

function drawRanges(card, ranges, progress) {
  while (card.ranges.children.length > ranges.length) card.ranges.lastChild.remove();
  ranges.forEach((range, i) => {
    const row = card.ranges.children[i] || make('div', 'range', card.ranges);
    const text = row.querySelector('p') || make('p', '', row);
    const end = range.end ? `${time(range.start)} to ${time(range.end)}` : `from ${time(range.start)} on`;
    const share = range.end ? progress : null;
    const done = share === null ? '' : ` (${(100 * share).toFixed(1)} %)`;
    say(text, `${range.name}: ${end}; read up to ${time(range.done)}${done}`);
    const bar = row.querySelector('progress') || (share === null ? null : make('progress', '', row));
    if (bar) { bar.value = share; bar.setAttribute('aria-label', `${range.name} done`); }
  });
}

function card(name) {
  const article = make('article', '', document.getElementById('pipelines'));
  const heading = make('h2', '', article);
  heading.textContent = name;
  article.setAttribute('aria-label', name);
  const state = make('p', 'state', article);
  const mark = make('span', 'mark', state);
  mark.setAttribute('aria-hidden', 'true');
  const parts = {article, mark, word: make('strong', '', state), since: make('span', '', state)};
  parts.reason = make('p', 'reason', article);
  parts.ranges = make('div', '', article);
  parts.figures = make('dl', '', article);
  const figure = make('figure', '', article);
  parts.chart = svg('svg', {role: 'img'}, figure);
  parts.caption = make('figcaption', '', figure);
  parts.values = new Map();
  return parts;
}

function show(pipeline, now) {
  if (!cards.has(pipeline.name)) cards.set(pipeline.name, card(pipeline.name));
  const parts = cards.get(pipeline.name);
  const [mark, word] = names[pipeline.state] || ['?', pipeline.state];
  parts.article.className = pipeline.well ? '' : 'bad';
  say(parts.mark, mark);
  say(parts.word, word);
  say(parts.since, ` for ${duration((now - Date.parse(pipeline.since)) / 1000)}`);
  const over = pipeline.last_error && pipeline.well ? `Last failure, which is over: ${pipeline.last_error.text}` : '';
  say(parts.reason, pipeline.reason ? `Reason: ${pipeline.reason}` : over);
  for (const [label, value] of Object.entries(figures(pipeline))) {
    if (!parts.values.has(label)) {
      const pair = make('div', '', parts.figures);
      make('dt', '', pair).textContent = label;
      parts.values.set(label, make('dd', '', pair));
    }
    say(parts.values.get(label), value);
  }
  drawRanges(parts, pipeline.ranges, pipeline.progress);
  draw(parts, pipeline.last_hour);
}

// In words, and only anew when a state changes: it is read out.
function summary(pipelines) {
  if (pipelines.length === 0) return 'The host is starting.';
  const bad = pipelines.filter((one) => !one.well);
  if (bad.length === 0) return pipelines.length === 1 ? 'All is well.' : `All ${pipelines.length} are well.`;
  return `${bad.length} of ${pipelines.length} not well: ` +
      bad.map((one) => `${one.name} (${(names[one.state] || ['', one.state])[1]})`).join(', ') + '.';
}

async function refresh() {
  const moment = document.getElementById('moment');
  try {
    const answer = await fetch('api/pipelines', {signal: AbortSignal.timeout(10000)});
    if (!answer.ok) throw new Error(`${answer.status}`);
    const {time: now, pipelines} = await answer.json();
    for (const pipeline of pipelines) show(pipeline, Date.parse(now));
    say(document.getElementById('summary'), summary(pipelines));
    answered = now;
    moment.className = '';
    say(moment, `As of ${time(now)}, renewed every ${everyMs / 1000} seconds.`);
  } catch (failure) {
    moment.className = 'old';
    say(moment, `The host does not answer; what is below is ${answered ? `of ${time(answered)}` : 'nothing'}.`);
  }
  setTimeout(refresh, everyMs);
}

refresh();
