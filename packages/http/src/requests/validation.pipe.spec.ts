import { IsInt, IsOptional, IsString, Max, type ValidationOptions, ValidateBy } from 'class-validator';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { validationPipe } from './validation.pipe.js';

let validated = 0;

function IsCounted(options?: ValidationOptions): PropertyDecorator {
  const validate = (): boolean => ++validated > 0;
  return ValidateBy({ name: 'isCounted', validator: { validate } }, options);
}

class PageQuery {
  @IsCounted()
  @IsInt()
  @Max(100)
  limit = 20;

  @IsOptional()
  @IsString()
  cursor?: string;
}

class SearchQuery {
  @IsString()
  text: string;
}

const pipe = validationPipe();
const query = (value: object, metatype: new () => object): Promise<unknown> =>
  pipe.transform(value, { type: 'query', metatype }) as Promise<unknown>;

it('validates a query without parameters once, and makes it anew each time', async () => {
  const [first, second] = [await query({}, PageQuery), await query({}, PageQuery)];

  expect(validated).toBe(1);
  expect([first, second]).toEqual([new PageQuery(), new PageQuery()]);
  expect(second).toBeInstanceOf(PageQuery);
  expect(second).not.toBe(first);
});

it('validates a query with parameters each time', async () => {
  await query({}, PageQuery);

  await expect(query({ limit: 101 }, PageQuery)).rejects.toThrow(ValidationFailedError);
  await expect(query({ other: 'x' }, PageQuery)).rejects.toThrow(ValidationFailedError);
  expect(await query({ limit: 7 }, PageQuery)).toMatchObject({ limit: 7 });
});

it('refuses a query that lacks a parameter each time', async () => {
  for (let times = 0; times < 2; times++) {
    await expect(query({}, SearchQuery)).rejects.toThrow(ValidationFailedError);
  }
});

it.each([['x'], [undefined], [0.5], [{}]])('says first what a field must be: %s', async (limit) => {
  const refused = query({ limit }, PageQuery);
  await expect(refused).rejects.toMatchObject({
    errors: [{ field: 'limit', message: 'limit must be an integer number' }],
  });
});

it('passes a query without a class on', async () => {
  expect(await query({}, Object)).toEqual({});
});
