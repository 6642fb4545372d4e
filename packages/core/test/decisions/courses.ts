import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  ExpectedError,
  type JsonObject,
  type ModelParticipant,
} from '../../src/index.js';

@DomainEvent('courses.course-defined', { tags: ({ courseId }: CourseDefined) => ({ course: courseId }) })
export class CourseDefined {
  declare readonly type: 'courses.course-defined';
  constructor(
    readonly courseId: string,
    readonly capacity: number,
  ) {}
}

@DomainEvent('courses.student-subscribed', {
  aliases: ['courses.student-enrolled'],
  tags: ({ courseId, studentId }: StudentSubscribed) => ({ course: courseId, student: studentId }),
})
export class StudentSubscribed {
  declare readonly type: 'courses.student-subscribed';
  constructor(
    readonly courseId: string,
    readonly studentId: string,
  ) {}
}

@DomainEvent('courses.invoice-issued')
export class InvoiceIssued {
  declare readonly type: 'courses.invoice-issued';
  constructor(
    readonly number: number,
    readonly studentId: string,
  ) {}
}

export class CourseFullError extends ExpectedError {
  readonly code = 'course-full';
  readonly kind = 'broken-rule';
}

export class TooManyCoursesError extends ExpectedError {
  readonly code = 'too-many-courses';
  readonly kind = 'broken-rule';
}

/** How many seats a course has, and how many are taken. */
@DecisionModel({ events: [CourseDefined, StudentSubscribed], name: 'courses.seats', snapshotVersion: 1 })
export class Seats {
  /** Calls of `evolve` in this process. */
  static folded = 0;
  capacity = 0;
  taken = 0;

  static of(courseId: string): ModelParticipant<Seats> {
    return decisionModel(Seats, { course: courseId });
  }

  evolve(event: CourseDefined | StudentSubscribed): void {
    Seats.folded += 1;
    if (event.type === 'courses.course-defined') this.capacity = event.capacity;
    else this.taken += 1;
  }

  takeSnapshot(): JsonObject {
    return { capacity: this.capacity, taken: this.taken };
  }

  restoreSnapshot({ capacity = 0, taken = 0 }: { capacity?: number; taken?: number }): void {
    Object.assign(this, { capacity, taken });
  }
}

/** The courses of a student. */
@DecisionModel({ events: [StudentSubscribed] })
export class StudentCourses {
  readonly courseIds = new Set<string>();

  static of(studentId: string): ModelParticipant<StudentCourses> {
    return decisionModel(StudentCourses, { student: studentId });
  }

  evolve({ courseId }: StudentSubscribed): void {
    this.courseIds.add(courseId);
  }
}

/** The last number of an invoice. */
@DecisionModel({ events: [InvoiceIssued], lastEventOnly: true })
export class InvoiceNumbers {
  last = 0;

  evolve({ number }: InvoiceIssued): void {
    this.last = number;
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

export class IssueInvoiceCommand extends Command<{ number: number }> {
  constructor(readonly studentId: string) {
    super();
  }
}

@CommandHandler(SubscribeCommand)
export class SubscribeHandler implements ICommandHandler<SubscribeCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ courseId, studentId }: SubscribeCommand): Promise<{ seat: number }> {
    const participants = { seats: Seats.of(courseId), student: StudentCourses.of(studentId) };
    return this.decisions.decide(participants, ({ seats, student }, changes) => {
      if (seats.taken >= seats.capacity) throw new CourseFullError(`${courseId} is full.`);
      if (student.courseIds.size >= 3) throw new TooManyCoursesError(`${studentId} has 3 courses.`);
      changes.append(`course-${courseId}`, new StudentSubscribed(courseId, studentId));
      return { seat: seats.taken + 1 };
    });
  }
}

@CommandHandler(IssueInvoiceCommand)
export class IssueInvoiceHandler implements ICommandHandler<IssueInvoiceCommand> {
  constructor(private readonly decisions: Decisions) {}

  execute({ studentId }: IssueInvoiceCommand): Promise<{ number: number }> {
    return this.decisions.decide({ numbers: decisionModel(InvoiceNumbers) }, ({ numbers }, changes) => {
      const number = numbers.last + 1;
      changes.append(`invoice-${number}`, new InvoiceIssued(number, studentId));
      return { number };
    });
  }
}

export const COURSE_FEATURE = {
  events: [CourseDefined, StudentSubscribed, InvoiceIssued],
  decisionModels: [Seats, StudentCourses, InvoiceNumbers],
};
export const COURSE_HANDLERS = [SubscribeHandler, IssueInvoiceHandler];
