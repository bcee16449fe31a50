import { Bulk } from './business/bulk.ts';
import { BULK_LISTS } from './business/bulk.ts';
import type { BulkOptions } from './business/bulk.ts';
import { Customers } from './business/customers.ts';
import { buildHistory, MONTH } from './business/history.ts';
import { createLiveBusiness } from './business/live.ts';
import { createClock, DAY, HOUR, MINUTE, secondsOf } from './clock.ts';
import { createControl } from './control.ts';
import { describeAccount } from './describe-account.ts';
import { ApiFaults } from './http/faults.ts';
import type { ApiFault } from './http/faults.ts';
import { FrozenLists } from './http/frozen-lists.ts';
import { IdempotentAnswers } from './http/idempotency.ts';
import { KeyRing } from './http/keys.ts';
import { Limiter } from './http/limiter.ts';
import type { Limits } from './http/limiter.ts';
import { serve } from './http/server.ts';
import type { RequestLogEntry } from './http/server.ts';
import { createIds } from './ids.ts';
import { leaveLedger } from './ledger.ts';
import { createRandom } from './random.ts';
import type { AccountSettings } from './resources/account.ts';
import { Runner } from './runner.ts';
import { restoreAccount, saveAccount } from './saved-account.ts';
import type { SavedAccount } from './saved-account.ts';
import { createStarterCatalogue, STARTER_CATALOGUE } from './starter-catalogue.ts';
import { State } from './state.ts';
import { isKnownVersion } from './versions/version.ts';
import { Deliveries } from './webhooks.ts';
import type { WebhookFaults } from './webhooks.ts';
import { World } from './world.ts';

export interface SimulatorOptions {
  /** Everything random comes from it. Default 1. */
  seed?: number;
  /** Where the simulator's clock starts. Default: now. */
  now?: Date;
  /** Size of the generated history. Default 0: an account with a small catalogue and nobody. */
  customers?: number;
  /** Length of the generated history. Default 36. */
  months?: number;
  /** Instead of a history: an account of exact size, for measuring. */
  bulk?: BulkOptions;
  /**
   * Lists are rendered beforehand and stay as they are: products, prices, customers, subscriptions,
   * invoices and charges; all others are empty. For measuring those who read.
   */
  frozen?: boolean;
  /** Instead of a new account: one that was saved. Seed, mode and account come from it. */
  saved?: SavedAccount;
  /** Things that happen by themselves per wall minute (sign-ups, upgrades, failures). Default 0. */
  live_per_minute?: number;
  /** Added to each API answer. */
  latency_ms?: number;
  /** Default `off`. */
  limits?: Limits;
  mode?: 'test' | 'live';
  account?: Partial<AccountSettings>;
  webhook_faults?: WebhookFaults;
  /** Delays between delivery tries. Default 1 s, 5 s, 30 s, 5 min. */
  webhook_retry_ms?: number[];
  /** An endpoint is disabled after so many failed tries in a row. Default: never. */
  webhook_disable_after?: number;
  /** How far the clock in `Date` headers and signatures is ahead of this machine's. */
  clock_skew_s?: number;
  /** Deliveries on their way at once. Default 1, which keeps them in order. */
  webhook_concurrency?: number;
  /** Simulated seconds per wall second; 0 stands still between calls to `advance`. Default 1. */
  speed?: number;
  api_faults?: ApiFault[];
}

export type Advance = Date | { days?: number; hours?: number; minutes?: number };

export interface Simulator {
  url: string;
  port: number;
  /** The account and what can be done to it. */
  world: World;
  keys: KeyRing;
  faults: ApiFaults;
  webhook_faults: WebhookFaults;
  /** Deliveries held back, let go in disorder, sent again. */
  webhooks: Deliveries;
  /** Every API request so far, answered or not. */
  requests: RequestLogEntry[];
  frozen: FrozenLists | null;
  /** Moves time; renewals, trial ends and retries happen at their own instants on the way. */
  advance(to: Advance): Promise<void>;
  /** Resolves when no webhook delivery is on its way or due. */
  settled(): Promise<void>;
  /** The account as plain data, to be given as `saved` another time. */
  save(): SavedAccount;
  close(): Promise<void>;
}

const DEFAULT_ACCOUNT: AccountSettings = {
  id: 'acct_1SimHeadwater0001',
  name: 'Northwind Tools',
  country: 'US',
  default_currency: 'usd',
  timezone: 'Etc/UTC',
};

/** Seconds of an instant given as a date, as its JSON text, or as a step from now. */
function instantOf(now: number, to: Advance | string): number {
  if (to instanceof Date || typeof to === 'string') return secondsOf(new Date(to));
  return now + (to.days ?? 0) * DAY + (to.hours ?? 0) * HOUR + (to.minutes ?? 0) * MINUTE;
}

/** The account with its past: saved, generated, of exact size, or empty. */
function openAccount(options: SimulatorOptions) {
  const { saved, bulk, customers = 0 } = options;
  const present = secondsOf(options.now ?? new Date());
  const generated = customers > 0 || bulk !== undefined;
  const past = generated ? Math.floor((options.months ?? 36) * MONTH) : 0;
  const clock = createClock(saved?.now ?? present - past, options.speed ?? 1);
  clock.hold();
  const settings = saved?.settings ?? {
    seed: options.seed ?? 1,
    livemode: options.mode === 'live',
    opened_at: clock.now(),
    account: { ...DEFAULT_ACCOUNT, ...options.account },
    dunning: { retry_days: [3, 5, 7], final: 'cancel' as const },
  };
  const { api_version } = settings.account;
  if (api_version !== undefined && !isKnownVersion(api_version)) {
    throw new Error(`There is no version ${api_version} here`);
  }
  const state = new State(settings, clock);
  state.recordsBalance = bulk === undefined;
  const mode = settings.livemode ? 'live' : 'test';
  const keys = new KeyRing(createRandom(settings.seed, 3), mode, settings.account.id);
  const runner = new Runner(state);
  const catalogue = saved === undefined ? createStarterCatalogue(state) : STARTER_CATALOGUE;
  const business = new Customers(state, catalogue);
  const exact = new Bulk(state, catalogue);
  runner.also((_state, task) => business.run(task) || exact.run(task));
  if (saved !== undefined) restoreAccount(saved, state, keys, business);
  else if (bulk !== undefined) exact.build(bulk, runner, present);
  else if (customers > 0) {
    business.extras.open();
    buildHistory(state, runner, customers, present);
  }
  clock.release();
  return { state, keys, runner, business };
}

/** Lets time and business go on by themselves; gives back how to stop both. */
function keepGoing(options: SimulatorOptions, state: State, runner: Runner, business: Customers) {
  const timers: NodeJS.Timeout[] = [];
  const repeat = (ms: number, run: () => void) => timers.push(setInterval(run, ms).unref());
  // A running clock needs somebody to look at it, also when nobody asks.
  if (state.clock.speed !== 0) repeat(200, () => runner.catchUp());
  if (options.live_per_minute) {
    const happen = createLiveBusiness(state, business);
    repeat(60_000 / options.live_per_minute, () => {
      runner.catchUp();
      if (!runner.busy) happen();
    });
  }
  return () => timers.forEach((timer) => clearInterval(timer));
}

export async function startSimulator(
  options: SimulatorOptions & { port?: number; host?: string } = {},
): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const { state, keys, runner, business } = openAccount(options);
  const { seed } = state.settings;
  const faults = new ApiFaults(createRandom(seed, 4), options.api_faults ?? []);
  faults.setClockSkew(options.clock_skew_s ?? 0);
  const deliveries = new Deliveries(state, createRandom(seed, 2), {
    faults: { ...options.webhook_faults },
    retry_ms: options.webhook_retry_ms ?? [1000, 5000, 30_000, 300_000],
    concurrency: options.webhook_concurrency ?? 1,
    disable_after: options.webhook_disable_after,
    skewSeconds: () => faults.clock_skew_s,
  });
  state.onEvent = (event) => deliveries.dispatch(event);
  const requests: RequestLogEntry[] = [];
  const frozen = options.frozen === true ? new FrozenLists(state, BULK_LISTS) : null;
  const catchUp = () => runner.catchUp();
  const world = new World(state, catchUp);
  const advance = async (to: Advance) => {
    await runner.advance(instantOf(state.now(), to));
    await deliveries.settled();
  };
  const control = createControl({
    state: () => describeAccount(state, keys, requests.length),
    advance,
    verbs: world,
    keys,
    faults,
    webhooks: deliveries,
  });
  const server = await serve(
    {
      state,
      keys,
      limiter: new Limiter(options.limits ?? 'off'),
      faults,
      answers: new IdempotentAnswers(),
      requestIds: createIds(seed + 7),
      latency_ms: options.latency_ms ?? 0,
      requests,
      frozen,
      catchUp,
      control,
    },
    options.port ?? 0,
    host,
  );
  // Building took a moment, and a saved account has slept: time goes on from the present.
  if (state.clock.speed !== 0 && options.now === undefined) {
    const present = secondsOf(new Date());
    if (present > state.now()) await runner.advance(present);
  }
  const stop = keepGoing(options, state, runner, business);
  return {
    url: `http://${host}:${server.port}`,
    port: server.port,
    world,
    keys,
    faults,
    webhook_faults: deliveries.faults,
    webhooks: deliveries,
    requests,
    frozen,
    advance,
    settled: () => deliveries.settled(),
    save: () => saveAccount(state, keys, business),
    close: async () => {
      stop();
      deliveries.close();
      await server.close();
      leaveLedger(requests);
    },
  };
}
