import type { State } from '../state.ts';

/** What all groups of verbs stand on: the account, brought up to its present before each. */
export class Verbs {
  readonly state: State;
  readonly #catchUp: () => void;

  constructor(state: State, catchUp: () => void) {
    this.state = state;
    this.#catchUp = catchUp;
  }

  protected ready(): State {
    this.#catchUp();
    return this.state;
  }
}
