import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { portOf } from './things-app.js';

export interface Question {
  readonly method?: string;
  readonly url: string;
  readonly payload?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed JSON, or an empty object. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** One request, with URL and headers sent exactly as they stand here. */
export function ask(app: NestFastifyApplication, question: Question): Promise<Answer> {
  const { method = 'GET', url, payload, headers, agent = new Agent() } = question;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: portOf(app), path: url, method, agent, headers: { ...headers } });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const json = text !== '' && String(response.headers['content-type']).includes('json');
        const body = json ? (JSON.parse(text) as Record<string, unknown>) : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body });
      });
    });
    sent.end(payload);
  });
}

/** Bytes that no HTTP client would send, and everything that comes back. */
export function askRaw(app: NestFastifyApplication, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(portOf(app), '127.0.0.1')
      .setEncoding('utf8')
      .on('data', (chunk: string) => (answer += chunk))
      .on('close', () => resolve(answer))
      .on('error', reject)
      .write(bytes);
  });
}

export function expectProblem(answer: Answer, status: number, code: string, instance?: string): void {
  expect(answer).toMatchObject({ status, body: { type: code, status, title: expect.stringMatching(/^[A-Z]/) } });
  expect(answer.body.detail).toMatch(/^[A-Z].*\.$/);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.headers['x-correlation-id']).toEqual(expect.any(String));
  if (instance !== undefined) expect(answer.body.instance).toBe(instance);
}

/** The fields that a validation-failed complains about. */
export function fieldsOf({ body }: Answer): string[] {
  return (body.errors as { field: string }[]).map(({ field }) => field);
}
