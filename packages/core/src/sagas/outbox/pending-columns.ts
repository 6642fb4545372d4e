/** Columns of the outbox, each with its value from `e.value`, an `InsertedCommand` as JSON. */
export const PENDING_COLUMNS: Readonly<Record<string, string>> = {
  id: text('id'),
  saga: 'cast(? as text)',
  stream: text('stream'),
  line: `case when ${text('schedule.key')} is null then ${text('stream')} end`,
  position: integer('position'),
  place: integer('index'),
  name: text('name'),
  version: integer('version'),
  data: text('data'),
  correlation_id: text('correlationId'),
  causation_id: text('causationId'),
  traceparent: text('traceparent'),
  custom: text('custom'),
  party: text('fairnessKey'),
  turn: integer('virtualTime'),
  state: `case when ${text('schedule.key')} is null then 'waiting' else 'scheduled' end`,
  due_at: integer('schedule.dueAt'),
  schedule_key: text('schedule.key'),
  otherwise_id: text('compensation.id'),
  otherwise_name: text('compensation.name'),
  otherwise_version: integer('compensation.version'),
  otherwise_data: text('compensation.data'),
};

function text(path: string): string {
  const names = path.split('.').map((name) => `'${name}'`);
  const last = names.pop()!;
  return `${['e.value', ...names].join(' -> ')} ->> ${last}`;
}

function integer(path: string): string {
  return `cast(${text(path)} as bigint)`;
}
