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

/** An id that no user has. */
export const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

/** Names that no other registration of the run uses. */
export function someNames(): Names {
  // Letters only: the welcome mail leaves out a name that looks like a telephone number.
  const word = randomBytes(5)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
  return { username: `Ann ${word}`, email: `ann.${word}@example.com`, password: `correct horse ${word}` };
}

/** A user who has registered and signed in. */
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

  /** The user's names for a sign-in with a new password. */
  with(password: string): Names {
    return { username: this.username, email: this.email, password };
  }

  /** Changes one of the user's names; for an e-mail address the password is sent, too. */
  change(field: 'email' | 'username', value: string, headers?: Headers): Promise<Answer> {
    const proof = field === 'email' ? { currentPassword: this.password } : {};
    return this.put(`${this.path}/${field}`, { [field]: value, ...proof }, headers);
  }
}
