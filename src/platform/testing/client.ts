import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Headers = Readonly<Record<string, string>>;
/** An object is sent as JSON; text and bytes as they stand, and as `application/json` unless a header says otherwise. */
export type Body = object | string | Buffer;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The parsed JSON, or an empty object. */
  readonly body: object;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Somebody who asks over HTTP, with or without an access token. Paths and headers are sent exactly as they stand. Keeps every answer. */
export class Client {
  /** @param server one that listens, or the URL of one in another process */
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

  send(method: Method, path: string, body?: Body, headers: Headers = {}): Promise<Answer> {
    const payload =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const { hostname, port } = this.address();
    const options = {
      hostname,
      port,
      path,
      method: method.toUpperCase(),
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
    };
    return new Promise((resolve, reject) => {
      const asking = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('error', reject).on('end', () => {
          const isJson = text !== '' && /json/.test(response.headers['content-type'] ?? '');
          const answer = {
            status: response.statusCode ?? 0,
            headers: response.headers as Answer['headers'],
            text,
            body: isJson ? (JSON.parse(text) as object) : {},
          };
          this.answers.push(answer);
          resolve(answer);
        });
      });
      asking.on('error', reject).end(payload);
    });
  }

  private address(): { hostname: string; port: number } {
    if (typeof this.server !== 'string')
      return { hostname: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
    const { hostname, port } = new URL(this.server);
    return { hostname, port: Number(port) };
  }
}

/** The header with which a query waits for what a command stored. */
export function since(answer: Answer): Headers {
  return { 'leftfold-min-position': String(answer.headers['leftfold-position']) };
}
