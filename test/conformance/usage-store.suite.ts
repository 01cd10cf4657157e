import { describe, expect, it } from 'vitest';
import type { FunctionUsage } from '../../runtime/contract/usage.ts';
import type { UsageStore } from '../../runtime/store/usage-store.ts';
import type { OpenStore } from './open-store.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const USED: FunctionUsage = {
  ...{ ...SCOPE, day: '2026-11-21', functionName: 'f' },
  ...{ requests: 3, errors: 1, throttles: 2, billedMs: 40, gbSeconds: 0.1 + 0.2, fuel: 2 ** 60 },
};

/** What every UsageStore promises. */
export function usageStoreConformance(name: string, open: OpenStore<UsageStore>): void {
  describe(`a usage store (${name})`, () => {
    it('adds to what a function has used that day', async () => {
      const { store } = open();
      await store.add([USED]);
      await store.add([USED, { ...USED, functionName: 'g' }, { ...USED, day: '2026-11-22' }, USED]);
      const thrice = {
        ...{ ...USED, requests: 9, errors: 3, throttles: 6, billedMs: 120, fuel: 3 * 2 ** 60 },
        gbSeconds: expect.closeTo(0.9, 12),
      };
      expect(await store.read(SCOPE, '2026-11-21')).toEqual([
        { ...USED, day: '2026-11-22' },
        thrice,
        { ...USED, functionName: 'g' },
      ]);
    });

    it('reads an account and region from a day on, the latest first', async () => {
      const { store } = open();
      const days = ['2025-12-31', '2026-01-01', '2026-01-02'];
      await store.add(days.map((day) => ({ ...USED, day })));
      await store.add([
        { ...USED, region: 'eu-west-1' },
        { ...USED, accountId: '111111111111' },
      ]);
      expect((await store.read(SCOPE, '2026-01-01')).map(({ day }) => day)).toEqual(['2026-01-02', '2026-01-01']);
    });

    it('forgets the days before one', async () => {
      const { store } = open();
      await store.add(['2025-12-31', '2026-01-01'].map((day) => ({ ...USED, day })));
      await store.forget('2026-01-01');
      expect(await store.read(SCOPE, '')).toEqual([{ ...USED, day: '2026-01-01' }]);
    });

    it('keeps what it has answered, where data outlives it', async () => {
      const { store, reopen } = open();
      await store.add([USED]);
      if (reopen) expect(await (await reopen()).read(SCOPE, '')).toEqual([USED]);
    });
  });
}
