import { randomBytes } from 'node:crypto';
import { type Answer, Client, type Headers } from './client.js';

export interface Names {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

export interface Account extends Names {
  readonly userId: string;
}

/** The id of no user. */
export const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

/** What nobody else in the run registers with. */
export function someNames(): Names {
  // Letters alone: the welcome mail leaves out a name that looks like a telephone number.
  const word = randomBytes(5)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
  return { username: `Ann ${word}`, email: `ann.${word}@example.com`, password: `correct horse ${word}` };
}

/** Somebody who has registered and signed in. */
export class Person extends Client implements Account {
  readonly userId: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  override readonly token: string;

  /** @param signedIn the answer to the sign-in */
  constructor(
    { username, email, password }: Names,
    readonly signedIn: Answer,
    ...connection: [server: ConstructorParameters<typeof Client>[0], answers: Answer[]]
  ) {
    const { accessToken, userId } = signedIn.body as { accessToken: string; userId: string };
    super(...connection, accessToken);
    this.token = accessToken;
    this.userId = userId;
    this.username = username;
    this.email = email;
    this.password = password;
  }

  get path(): string {
    return `/users/${this.userId}`;
  }

  /** The names that one signs in with after a change of password. */
  with(password: string): Names {
    return { username: this.username, email: this.email, password };
  }

  /** Changes a name of one's own; an e-mail address takes the password. */
  change(field: 'email' | 'username', value: string, headers?: Headers): Promise<Answer> {
    const proof = field === 'email' ? { currentPassword: this.password } : {};
    return this.put(`${this.path}/${field}`, { [field]: value, ...proof }, headers);
  }
}
