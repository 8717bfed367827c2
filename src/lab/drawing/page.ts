import type { Scenario } from '../attacks/scenario';
import type { LabResult } from '../scoring/summary';
import type { Drawing } from './drawings';

const WIDTH = 900;
const HEIGHT = 260;
const COLOURS = ['#0a7d33', '#c0392b', '#8e44ad', '#b7950b', '#2471a3', '#7e5109', '#d35400', '#117a65', '#5d6d7e'];

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.15rem .6rem;text-align:right;border-bottom:1px solid #ddd}
td:first-child,th:first-child,td.text,th.text{text-align:left}svg{width:100%;background:#fcfcfc;border:1px solid #ddd}
.missed{color:#c0392b}.open{color:#888}figure{margin:2rem 0}i{display:inline-block;width:1.2em;height:3px;vertical-align:middle}`;

/** One file that needs no other: the composites, the catalogue, and the price paths of every scenario's first seed. */
export function page(result: LabResult, drawings: readonly Drawing[], scenarios: readonly Scenario[]): string {
  const about = new Map(scenarios.map((scenario) => [scenario.name, scenario.about]));
  const rules = result.rules.map(({ rule }) => rule);
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Assay: the attack laboratory</title>',
    `<style>${STYLE}</style><h1>The attack laboratory</h1>`,
    compositeTable(result),
    targetTable(result),
    catalogueTable(result),
    manipulatorTable(result),
    '<h2>What happened</h2>',
    `<p>${legend(rules)}</p>`,
    ...drawings.map((drawing) => figure(drawing, about.get(drawing.scenario) ?? '', rules)),
    '</html>\n',
  ].join('\n');
}

function compositeTable({ rules }: LabResult): string {
  const rows = rules.map(
    ({ rule, composite, low, high }) =>
      `<tr><td>${escape(rule)}<td>${composite.toFixed(1)}<td>${low.toFixed(1)} to ${high.toFixed(1)}`,
  );
  return `<table><tr><th>rule<th>composite<th>95 in 100 resamples of the seeds${rows.join('')}</table>`;
}

function targetTable({ targets }: LabResult): string {
  const rows = targets.map(({ target, required, seen, met }) => {
    const texts = [target, required, seen].map((text) => `<td class="text">${escape(text)}`).join('');
    return `<tr class="${styleOf(met)}">${texts}<td>${wordOf(met)}`;
  });
  const heads = ['target', 'required', 'seen'].map((head) => `<th class="text">${head}`).join('');
  return `<h2>The targets</h2><table><tr>${heads}<th>${rows.join('')}</table>`;
}

function manipulatorTable({ manipulator }: LabResult): string {
  if (manipulator.length === 0) return '';
  const rows = manipulator.map(
    ({ rule, profitUsd, budgetUsd, venues, errorBps, securityRatio }) =>
      `<tr><td>${escape(rule)}<td>${profitUsd.toFixed(0)}<td>${budgetUsd}<td class="text">${venues}<td>${errorBps.toFixed(1)}<td>${securityRatio?.toFixed(1) ?? ''}`,
  );
  const heads = ['profit, USD', 'budget, USD', 'venues', 'error, bp', 'least cost over gain'];
  return `<h2>The best that a manipulator can do</h2><table><tr><th>rule${heads.map((head) => `<th>${head}`).join('')}${rows.join('')}</table>`;
}

function styleOf(met: boolean | null): string {
  return met === null ? 'open' : met ? '' : 'missed';
}

function wordOf(met: boolean | null): string {
  return met === null ? '' : met ? 'met' : 'not met';
}

function catalogueTable({ catalogue }: LabResult): string {
  const rows = catalogue.map(({ number, fault, required, seen, met, why }) => {
    const texts = [fault, required, seen, why].map((text) => `<td class="text">${escape(text)}`).join('');
    return `<tr class="${styleOf(met)}"><td>${number}${texts}<td>${wordOf(met)}`;
  });
  const heads = ['fault', 'required', 'seen', 'why'].map((head) => `<th class="text">${head}`).join('');
  return `<h2>The forty faults</h2><table><tr><th>${heads}<th>${rows.join('')}</table>`;
}

function legend(rules: readonly string[]): string {
  const entries = [['truth', '#000'], ['venues', '#bbb'], ...rules.map((rule, index) => [rule, colour(index)])];
  return entries.map(([name = '', tint = '']) => `<i style="background:${tint}"></i> ${escape(name)}`).join(' &nbsp; ');
}

function figure(drawing: Drawing, about: string, rules: readonly string[]): string {
  const scale = scaleOf(drawing);
  const band = drawing.rules.find(({ low }) => low.some((value) => !Number.isNaN(value)));
  const lines = [
    ...(band === undefined ? [] : [area(band.low, band.high, scale)]),
    ...drawing.venues.map((venue) => line(venue, scale, '#bbb', 0.7)),
    ...drawing.rules
      .map((rule) => line(rule.price, scale, colour(rules.indexOf(rule.rule)), rule.rule === 'assay' ? 2 : 1))
      .toReversed(),
    line(drawing.truth, scale, '#000', 1.2),
  ];
  const last = drawing.seconds.at(-1) ?? 0;
  return `<figure><figcaption><b>${escape(drawing.scenario)}</b>: ${escape(about)} (${scale.low.toFixed(0)} to ${scale.high.toFixed(0)} bp, ${last.toFixed(0)} s)</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">${lines.join('')}</svg></figure>`;
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** What the truth does fills a third of the height at least; who leaves the drawing is cut off at its edge. */
function scaleOf({ truth }: Drawing): Scale {
  const low = Math.min(...truth);
  const high = Math.max(...truth);
  const room = Math.max(30, high - low);
  return { low: low - room, high: high + room, count: truth.length };
}

function line(values: readonly number[], scale: Scale, tint: string, width: number): string {
  let path = '';
  let isDrawing = false;
  values.forEach((value, index) => {
    if (Number.isNaN(value)) {
      isDrawing = false;
      return;
    }
    path += `${isDrawing ? 'L' : 'M'}${place(index, value, scale)}`;
    isDrawing = true;
  });
  return `<path d="${path}" fill="none" stroke="${tint}" stroke-width="${width}"/>`;
}

/** The band, one piece for each stretch in which there is one. */
function area(low: readonly number[], high: readonly number[], scale: Scale): string {
  const pieces: number[][] = [];
  low.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    if (index > 0 && pieces.length > 0 && !Number.isNaN(low[index - 1])) pieces.at(-1)?.push(index);
    else pieces.push([index]);
  });
  const paths = pieces.map((piece) => {
    const there = piece.map((index) => place(index, low[index] ?? NaN, scale));
    const back = piece.toReversed().map((index) => place(index, high[index] ?? NaN, scale));
    return `M${[...there, ...back].join('L')}Z`;
  });
  return `<path d="${paths.join('')}" fill="#0a7d33" fill-opacity=".15"/>`;
}

function place(index: number, value: number, { low, high, count }: Scale): string {
  const clipped = Math.min(high, Math.max(low, value));
  const x = (index / Math.max(1, count - 1)) * WIDTH;
  const y = HEIGHT - ((clipped - low) / (high - low)) * HEIGHT;
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#000';
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
