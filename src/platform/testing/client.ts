import type { Server } from 'node:http';
import request from 'supertest';

export type Headers = Readonly<Record<string, string>>;
/** An object is sent as JSON; text and bytes unchanged, as `application/json` unless a header says otherwise. */
export type Body = object | string | Buffer;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The parsed JSON, or an empty object. */
  readonly body: object;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An HTTP client on supertest, with or without an access token. Keeps every answer. */
export class Client {
  /** @param server or the URL of a server in another process */
  constructor(
    private readonly server: Server | string,
    private readonly answers: Answer[] = [],
    readonly token?: string,
  ) {}

  get(path: string, headers?: Headers): Promise<Answer> {
    return this.send('get', path, undefined, headers);
  }

  post(path: string, body?: Body, headers?: Headers): Promise<Answer> {
    return this.send('post', path, body, headers);
  }

  put(path: string, body?: Body, headers?: Headers): Promise<Answer> {
    return this.send('put', path, body, headers);
  }

  delete(path: string, headers?: Headers): Promise<Answer> {
    return this.send('delete', path, undefined, headers);
  }

  async send(method: Method, path: string, body?: Body, headers: Headers = {}): Promise<Answer> {
    const asking = request(this.server)[method](path);
    if (this.token !== undefined) void asking.set('authorization', `Bearer ${this.token}`);
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      void asking.set('content-type', 'application/json').serialize((asItStands) => asItStands as string);
    }
    const answer = await asking.set(headers).send(body);
    this.answers.push(answer);
    return answer;
  }
}

/** The header that makes a query wait for the position of a command. */
export function since(answer: Answer): Headers {
  return { 'leftfold-min-position': String(answer.headers['leftfold-position']) };
}
