import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Buses } from '../../runtime/buses/index.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { SqliteOutboxStore } from '../../runtime/store/sqlite/sqlite-outbox-store.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { Outbox } from '../../runtime/triggers/outbox.ts';

// Prints every event that a rule makes, which fires each minute of a clock that runs sixty times as fast, and how many ticks it
// missed, until somebody kills it; with `finish` it ends when what is left is delivered.
const [directory = '', mode = '', born = '0'] = process.argv.slice(2);
const SPEED = 60;
const clock = (): number => Number(born) + (Date.now() - Number(born)) * SPEED;
const { setTimeout } = globalThis;
globalThis.setTimeout = ((callback: () => void, milliseconds: number) =>
  setTimeout(callback, milliseconds / SPEED)) as typeof setTimeout;
const say = (text: string): void => void writeSync(1, `${text}\n`);
const noticed = (_: string, message: string): void => say(`noticed ${message}`);

const storage = openStorage(join(directory, 'isola.db'));
const observer = { ...silentObserver, noticed };
const outbox = new Outbox({
  ...{ store: new SqliteOutboxStore(storage), observer, clock, most: { letters: 1_000, size: 1_000_000 } },
  async deliver({ body }) {
    const { time, id } = JSON.parse(body) as { readonly time: string; readonly id: string };
    say(`fired ${time} ${id}`);
    return {};
  },
});
const buses = new Buses({
  ...{ resources: new SqliteResourceStore(storage), observer, clock, since: clock() },
  ...{ post: outbox.post, marks: () => outbox.marks(), parsePolicy: () => ({ Statement: [] }) },
});
await buses.open();
const key = { region: 'us-east-1', accountId: '000000000000', bus: 'default', name: 'r' };
if (mode === 'first') {
  await buses.rules.put(key, { schedule: 'cron(* * * * ? *)', state: 'ENABLED' }, {});
  await buses.rules.putTargets(key, [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }]);
}
await outbox.open();
say('open');
// Schedules alone keep no process alive.
const alive = setInterval(() => undefined, 1_000);
if (mode === 'finish') {
  await buses.close();
  while (outbox.size > 0) await new Promise((resolve) => setImmediate(resolve));
  await outbox.close();
  clearInterval(alive);
}
