import type { Account } from './account';
import type { Faults } from './faults';
import type { Clock, Roles, Weights } from './ports';
import type { Author } from './runtime/author';
import type { Switches } from './switches';

/** All that an operation works with. */
export interface Service {
  readonly account: Account;
  readonly clock: Clock;
  readonly weights: Weights;
  readonly roles: Roles;
  readonly switches: Switches;
  readonly faults: Faults;
  /** Who writes the models' answers. */
  readonly author: Author;
  /** A fresh id of twelve lower-case letters and digits. */
  readonly newId: () => string;
}
