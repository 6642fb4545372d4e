import type { Answer, Client, Headers } from '../support/client.js';
import type { TestApp } from '../support/test-app.js';
import type { Route } from './operations.js';

export interface Asked {
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers?: Headers;
}

const STREAM = 'text/event-stream';

/** Sends a request. Of an endless answer, it reads the status and the headers only. */
export async function ask(app: TestApp, client: Client, route: Route, { path, body, headers }: Asked): Promise<Answer> {
  const endless = Object.values(route.operation.responses).some(({ content }) => content?.[STREAM]);
  if (!endless) return client.send(route.method, path, body, headers);
  const closing = new AbortController();
  const token: Headers = client.token === undefined ? {} : { authorization: `Bearer ${client.token}` };
  const response = await fetch(`${await app.nest.getUrl()}${path}`, {
    headers: { ...token, ...headers },
    signal: closing.signal,
  });
  const answered = { status: response.status, headers: Object.fromEntries(response.headers) };
  if (answered.headers['content-type']?.startsWith(STREAM)) {
    closing.abort();
    return { ...answered, text: '', body: {} };
  }
  const text = await response.text();
  return { ...answered, text, body: JSON.parse(text) as object };
}
