import type { OpenAPIObject } from '@nestjs/swagger';
import { OUTSIDE_THE_BUSES, REFUSES_IDEMPOTENCY_KEY } from './header-marks.js';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];
type Headers = NonNullable<Exclude<Operation['responses'][string], undefined | { $ref: string }>['headers']>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const CONFLICT = '412';

const CORRELATION_ID = header(
  'X-Correlation-Id',
  'Names this request in logs and in events: 1 to 128 letters, digits and . _ : -. Made when absent.',
);
const MIN_POSITION = header(
  'Leftfold-Min-Position',
  'A position from Leftfold-Position: the answer includes that event, or is 503 `read-model-behind`.',
  { type: 'integer', minimum: 0 },
);
const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  'A repeat with this key gets the first answer, and nothing happens twice. With another body: 422 `idempotency-key-reused`.',
  { type: 'string', minLength: 1, maxLength: 255 },
);
const IF_MATCH = header(
  'If-Match',
  'The version that you decide on, in double quotes: 412 `version-conflict` when there is a later one.',
  { type: 'string', example: '"3"' },
);

const POSITION: Headers = {
  'Leftfold-Position': {
    description: 'Position in the log of what the command stored. Send it as Leftfold-Min-Position to read it.',
    schema: { type: 'integer' },
  },
};
const ENTITY_TAG: Headers = {
  ETag: { description: 'The version, in double quotes. Send it as If-Match.', schema: { type: 'string' } },
};
const REPLAYED: Headers = {
  'Idempotent-Replayed': {
    description: '`true` when the answer is that of an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
  },
};
const OWN_CORRELATION_ID: Headers = {
  'X-Correlation-Id': { description: 'That of the request, or the one that was made.', schema: { type: 'string' } },
};

/**
 * Adds the headers that requests and answers share, where they apply: to each operation its correlation id; to queries the position to
 * wait for; to commands the idempotency key, the expected version where the operation can answer 412, and the position and version that
 * they stored.
 */
export function describeHeaders(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) describeOperation(operation, method === 'get');
    }
  }
  return document;
}

type MarkedOperation = Operation & { [OUTSIDE_THE_BUSES]?: boolean; [REFUSES_IDEMPOTENCY_KEY]?: boolean };

function describeOperation(operation: MarkedOperation, reads: boolean): void {
  const { [OUTSIDE_THE_BUSES]: outside = false, [REFUSES_IDEMPOTENCY_KEY]: refusesKey = false } = operation;
  delete operation[OUTSIDE_THE_BUSES];
  delete operation[REFUSES_IDEMPOTENCY_KEY];
  const query = reads && !outside;
  const command = !reads && !outside;
  const parameters = [
    ...(query ? [MIN_POSITION] : []),
    ...(command && !refusesKey ? [IDEMPOTENCY_KEY] : []),
    ...(command && CONFLICT in operation.responses ? [IF_MATCH] : []),
    CORRELATION_ID,
  ];
  operation.parameters = [...(operation.parameters ?? []), ...parameters];

  const versioned = query && operation.parameters.some((each) => 'name' in each && each.name === 'If-None-Match');
  const success: Headers = {
    ...(command ? { ...POSITION, ...ENTITY_TAG } : {}),
    ...(command && !refusesKey ? REPLAYED : {}),
    ...(versioned ? ENTITY_TAG : {}),
  };
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!response || '$ref' in response) continue;
    const told = status.startsWith('2') ? success : {};
    response.headers = { ...response.headers, ...told, ...OWN_CORRELATION_ID };
  }
}

function header(name: string, description: string, schema: object = { type: 'string' }): Parameter {
  return { name, in: 'header', required: false, description, schema };
}
