import { uuid, wholeNumber, wrongValue } from '@leftfold/operations/cli';

/** Reads an argument that is a position, from 1 on, or the id of an event. It throws a UsageError for another text. */
export function positionOrEventId(name: string): (text: string) => number | string {
  return (text) => {
    try {
      return /^\d+$/.test(text) ? wholeNumber(name, 1)(text) : uuid(name, 'the log')(text);
    } catch {
      // Either error would name one of the two forms only.
      throw wrongValue(name, text, 'a position, from 1 on, or the id of an event (a UUID)');
    }
  };
}
