import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { dialectNamed } from '../../src/inbound/venues/registry';
import { cryptofeedEvents } from '../../src/recording/importers/cryptofeed';
import { readLines } from '../../src/recording/lines';
import { capturedVenues } from './captured-venues';
import { type CapturedFrame, type Tally, tallyOf } from './tally';

/** `npm run recordings -- DIR`: what our dialects make of frames that exchanges really sent. */
async function main(directory: string | undefined): Promise<void> {
  if (directory === undefined) throw new Error('name the directory of the captures: npm run recordings -- DIR');
  const present = capturedVenues.filter(({ file }) => existsSync(pathOf(directory, file)));
  if (present.length === 0) throw new Error(`${directory} holds no capture of a venue with a dialect`);
  const tallies: Tally[] = [];
  for (const venue of present) {
    const frames = await framesOf(pathOf(directory, venue.file));
    const tally = tallyOf(venue, dialectNamed(venue.dialect), frames);
    print(venue.file, tally);
    tallies.push(tally);
  }
  const frames = tallies.reduce((sum, tally) => sum + tally.frames, 0);
  const faults = tallies.flatMap((tally) => tally.faults);
  for (const fault of faults) console.error(fault);
  console.log(`${tallies.length} captures, ${frames} frames, ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

function pathOf(directory: string, file: string): string {
  return join(directory, `${file}.jsonl.gz`);
}

async function framesOf(path: string): Promise<CapturedFrame[]> {
  const frames: CapturedFrame[] = [];
  for await (const event of cryptofeedEvents(readLines(createReadStream(path)))) {
    if ('frame' in event) frames.push({ connection: event.connection, frame: event.frame });
  }
  return frames;
}

function print(file: string, { frames, counts }: Tally): void {
  console.log(`${file}, ${frames} frames`);
  for (const [channel, outcomes] of counts) {
    for (const [outcome, count] of outcomes) {
      console.log(`  ${channel.padEnd(20)} ${outcome.padEnd(28)} ${String(count).padStart(6)}`);
    }
  }
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
