import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** Sends bytes that no HTTP client would send, one byte per character, and returns everything that comes back. */
export function sendBytes(server: Server, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    connect((server.address() as AddressInfo).port, '127.0.0.1')
      .setEncoding('utf8')
      .on('data', (chunk: string) => (answer += chunk))
      .on('close', () => resolve(answer))
      .on('error', reject)
      .write(bytes, 'latin1');
  });
}
