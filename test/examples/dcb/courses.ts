import {
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  ExpectedError,
  type ModelParticipant,
} from '@leftfold/core';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

// A course has a capacity, and a student takes part in a few courses: a subscription changes both, in one event.

@DomainEvent('courses.course-defined', { tags: ({ courseId }: CourseDefined) => ({ course: courseId }) })
export class CourseDefined {
  declare readonly type: 'courses.course-defined';
  constructor(
    readonly courseId: string,
    readonly capacity: number,
  ) {}
}

@DomainEvent('courses.capacity-changed', { tags: ({ courseId }: CapacityChanged) => ({ course: courseId }) })
export class CapacityChanged {
  declare readonly type: 'courses.capacity-changed';
  constructor(
    readonly courseId: string,
    readonly capacity: number,
  ) {}
}

@DomainEvent('courses.student-subscribed', {
  tags: ({ courseId, studentId }: StudentSubscribed) => ({ course: courseId, student: studentId }),
})
export class StudentSubscribed {
  declare readonly type: 'courses.student-subscribed';
  constructor(
    readonly courseId: string,
    readonly studentId: string,
  ) {}
}

export class CourseError extends ExpectedError {
  readonly kind = 'broken-rule';

  constructor(readonly code: 'exists' | 'unknown' | 'same-capacity' | 'full' | 'subscribed' | 'too-many-courses') {
    super(`The course refuses: ${code}.`);
  }
}

export const MOST_COURSES = 5;

/** The seats of a course, and who has them. */
@DecisionModel({ events: [CourseDefined, CapacityChanged, StudentSubscribed] })
export class Seats {
  capacity: number | undefined;
  readonly studentIds = new Set<string>();

  static of(courseId: string): ModelParticipant<Seats> {
    return decisionModel(Seats, { course: courseId });
  }

  evolve(event: CourseDefined | CapacityChanged | StudentSubscribed): void {
    if (event.type === 'courses.student-subscribed') this.studentIds.add(event.studentId);
    else this.capacity = event.capacity;
  }

  /** @throws CourseError */
  refuseFor(studentId: string): void {
    if (this.capacity === undefined) throw new CourseError('unknown');
    if (this.studentIds.has(studentId)) throw new CourseError('subscribed');
    if (this.studentIds.size >= this.capacity) throw new CourseError('full');
  }
}

/** How many courses a student takes. */
@DecisionModel({ events: [StudentSubscribed] })
export class CoursesTaken {
  count = 0;

  static by(studentId: string): ModelParticipant<CoursesTaken> {
    return decisionModel(CoursesTaken, { student: studentId });
  }

  evolve(): void {
    this.count += 1;
  }
}

export class DefineCourseCommand extends Command<void> {
  constructor(
    readonly courseId: string,
    readonly capacity: number,
  ) {
    super();
  }
}

export class ChangeCapacityCommand extends Command<void> {
  constructor(
    readonly courseId: string,
    readonly capacity: number,
  ) {
    super();
  }
}

export class SubscribeCommand extends Command<{ seat: number }> {
  constructor(
    readonly courseId: string,
    readonly studentId: string,
  ) {
    super();
  }
}

@CommandHandler(DefineCourseCommand)
class DefineCourseHandler implements ICommandHandler<DefineCourseCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ courseId, capacity }: DefineCourseCommand): Promise<void> {
    return this.decisions.decide({ seats: Seats.of(courseId) }, ({ seats }, changes) => {
      if (seats.capacity !== undefined) throw new CourseError('exists');
      changes.append(`course-${courseId}`, new CourseDefined(courseId, capacity));
    });
  }
}

@CommandHandler(ChangeCapacityCommand)
class ChangeCapacityHandler implements ICommandHandler<ChangeCapacityCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ courseId, capacity }: ChangeCapacityCommand): Promise<void> {
    return this.decisions.decide({ seats: Seats.of(courseId) }, ({ seats }, changes) => {
      if (seats.capacity === undefined) throw new CourseError('unknown');
      if (seats.capacity === capacity) throw new CourseError('same-capacity');
      changes.append(`course-${courseId}`, new CapacityChanged(courseId, capacity));
    });
  }
}

@CommandHandler(SubscribeCommand)
class SubscribeHandler implements ICommandHandler<SubscribeCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ courseId, studentId }: SubscribeCommand): Promise<{ seat: number }> {
    const participants = { seats: Seats.of(courseId), taken: CoursesTaken.by(studentId) };
    return this.decisions.decide(participants, ({ seats, taken }, changes) => {
      seats.refuseFor(studentId);
      if (taken.count >= MOST_COURSES) throw new CourseError('too-many-courses');
      changes.append(`course-${courseId}`, new StudentSubscribed(courseId, studentId));
      return { seat: seats.studentIds.size + 1 };
    });
  }
}

export const COURSES = {
  feature: { events: [CourseDefined, CapacityChanged, StudentSubscribed], decisionModels: [Seats, CoursesTaken] },
  handlers: [DefineCourseHandler, ChangeCapacityHandler, SubscribeHandler],
};
