import { setImmediate as breathe } from 'node:timers/promises';
import type { Task } from './agenda.ts';
import { runBillingTask } from './billing/run-task.ts';
import { EVENT_RETENTION } from './state.ts';
import type { State } from './state.ts';

export type TaskRunner = (state: State, task: Task) => boolean;

/** Runs what is due, each at its own instant, while the clock is held there. */
export class Runner {
  readonly #state: State;
  readonly #others: TaskRunner[] = [];
  #busy = false;

  /** True while time is being moved. */
  get busy(): boolean {
    return this.#busy;
  }

  constructor(state: State) {
    this.#state = state;
  }

  /** Adds tasks of another kind than billing's (the made-up business). */
  also(run: TaskRunner): void {
    this.#others.push(run);
  }

  #runNext(): void {
    const task = this.#state.agenda.take();
    if (task === undefined) return;
    this.#state.clock.moveTo(task.at);
    if (task.aside === true) this.#state.aside(() => this.#run(task));
    else this.#run(task);
  }

  #run(task: Task): void {
    if (runBillingTask(this.#state, task)) return;
    if (this.#others.some((run) => run(this.#state, task))) return;
    throw new Error(`Nobody runs tasks of kind ${task.kind}`);
  }

  /** Lets the account catch up with its running clock. */
  catchUp(): void {
    const { clock, agenda } = this.#state;
    const now = clock.now();
    if (this.#busy || agenda.nextAt() > now) return;
    this.#busy = true;
    clock.hold();
    try {
      while (agenda.nextAt() <= now) this.#runNext();
      clock.moveTo(now);
    } finally {
      clock.release();
      this.#busy = false;
    }
  }

  /** Moves time to an instant, event by event, letting other work in between. */
  async advance(to: number): Promise<void> {
    const { clock, agenda } = this.#state;
    if (this.#busy) throw new Error('Time is already being moved');
    this.#busy = true;
    clock.hold();
    try {
      for (let count = 1; agenda.nextAt() <= to; count += 1) {
        this.#runNext();
        if (count % 200 === 0) await breathe();
      }
      clock.moveTo(Math.max(to, clock.now()));
    } finally {
      clock.release();
      this.#busy = false;
    }
    this.#state.events.dropBefore(clock.now() - EVENT_RETENTION);
  }

  /** The same without pauses, for histories nobody watches yet. */
  advanceAtOnce(to: number): void {
    const { clock, agenda } = this.#state;
    clock.hold();
    while (agenda.nextAt() <= to) this.#runNext();
    clock.moveTo(to);
    clock.release();
  }
}
