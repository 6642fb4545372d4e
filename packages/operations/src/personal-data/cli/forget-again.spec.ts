import { jest } from '@jest/globals';
import { ExpectedError, type ReplayedForgetting } from '@leftfold/core';
import { Test } from '@nestjs/testing';
import { ForgettingAgain } from '../forgetting-again.js';
import { forgetAgain } from './forget-again.js';

class LastOneError extends ExpectedError {
  readonly code = 'last-one';
  readonly kind = 'broken-rule';
}

const LOST: ReplayedForgetting = {
  subject: 'ann',
  eventId: 'e',
  position: 5,
  forgottenAt: new Date(0),
  hadKey: true,
  isInLog: false,
};

describe('a subject whose event the log has lost', () => {
  const forget = jest.fn<ForgettingAgain['forget']>();
  const booted = (providers: object[] = [{ provide: ForgettingAgain, useValue: { forget } }]) =>
    Test.createTestingModule({ providers: providers as [] }).compile();

  beforeEach(() => {
    forget.mockReset().mockResolvedValue(true);
  });

  it('is forgotten again by the application', async () => {
    expect(await forgetAgain(await booted(), LOST)).toBe('forgotten');
    expect(forget).toHaveBeenCalledWith(LOST);
  });

  it('is unknown when the restored log has no trace of it', async () => {
    forget.mockResolvedValue(false);
    expect(await forgetAgain(await booted(), LOST)).toBe('unknown');
  });

  it('needs nothing when the log has the event', async () => {
    expect(await forgetAgain(await booted(), { ...LOST, isInLog: true })).toBe('not needed');
    expect(forget).not.toHaveBeenCalled();
  });

  it('is left when the application provides nothing', async () => {
    expect(await forgetAgain(await booted([]), LOST)).toBe('not provided');
  });

  it('is left with the reason when a rule refuses it', async () => {
    forget.mockRejectedValue(new LastOneError('She is the last one.'));
    expect(await forgetAgain(await booted(), LOST)).toEqual({ refused: 'She is the last one.' });
  });

  it('ends the command when the application fails', async () => {
    forget.mockRejectedValue(new Error('broken'));
    await expect(forgetAgain(await booted(), LOST)).rejects.toThrow('broken');
  });
});
