import { AskingJob } from '../../src/modules/payments/asking/asking.job';
import { Pacer } from '../../src/modules/payments/asking/pacer';
import type { House } from './house';

/** Has providers asked about whatever is due, as the job does each minute, and nobody waits for their pace. Tells the waits that there were. */
export async function askProviders(house: House): Promise<number[]> {
  const waits: number[] = [];
  Object.assign(house.app.get(Pacer), { wait: async (milliseconds: number) => void waits.push(milliseconds) });
  await house.app.get(AskingJob).ask();
  return waits;
}
