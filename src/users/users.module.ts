import { EventSourcingModule } from '@leftfold/core';
import { ForgettingAgain } from '@leftfold/operations';
import { Module } from '@nestjs/common';
import { ChangeEmailHandler } from './commands/change-email/change-email.handler.js';
import { ChangePasswordHandler } from './commands/change-password/change-password.handler.js';
import { ChangeUsernameHandler } from './commands/change-username/change-username.handler.js';
import { EndSessionHandler } from './commands/end-session/end-session.handler.js';
import { EndSessionsHandler } from './commands/end-sessions/end-sessions.handler.js';
import { ForgetUserHandler } from './commands/forget-user/forget-user.handler.js';
import { GrantRoleHandler } from './commands/grant-role/grant-role.handler.js';
import { NoticeWrongSignInsHandler } from './commands/notice-wrong-sign-ins/notice-wrong-sign-ins.handler.js';
import { RegisterFirstOperatorHandler } from './commands/register-first-operator/register-first-operator.handler.js';
import { RegisterUserHandler } from './commands/register-user/register-user.handler.js';
import { RequestPasswordResetHandler } from './commands/request-password-reset/request-password-reset.handler.js';
import { ResetPasswordHandler } from './commands/reset-password/reset-password.handler.js';
import { RevertProfileHandler } from './commands/revert-profile/revert-profile.handler.js';
import { RevokeRoleHandler } from './commands/revoke-role/revoke-role.handler.js';
import { SignInHandler } from './commands/sign-in/sign-in.handler.js';
import { CredentialEntity } from './credentials/credential.entity.js';
import { Credentials } from './credentials/credentials.js';
import { NewPassword } from './credentials/new-password.js';
import { PasswordCheck } from './credentials/password-check.js';
import { PasswordCost } from './credentials/password-cost.js';
import { PasswordHasher } from './credentials/password-hasher.js';
import { ResetTokens } from './credentials/reset-tokens.js';
import { SignInAttempts } from './credentials/sign-in-attempts.js';
import { SignInDelay } from './credentials/sign-in-delay.js';
import { WrongSignInNotice } from './credentials/wrong-sign-in-notice.js';
import { FreeNames } from './domain/free-names.js';
import { Operators } from './domain/operators.js';
import { NameClaims } from './domain/unique-names.js';
import { WelcomeMails } from './domain/welcome-mails.js';
import { RegisteredUsers } from './domain/registered-users.js';
import { User } from './domain/user.aggregate.js';
import { ErasureController } from './forgetting/erasure.controller.js';
import { ForgottenUsers } from './forgetting/forgotten-users.js';
import { PersonalDataController } from './forgetting/personal-data.controller.js';
import { RestoredUsers } from './forgetting/restored-users.js';
import { AttemptCountEntity } from './limits/attempt-count.entity.js';
import { AttemptCounts } from './limits/attempt-counts.js';
import { RequestLimits, RequestRate } from './limits/request-limits.js';
import { CreateCredentials1750000100000 } from './migrations/events/1750000100000-create-credentials.js';
import { NamePasswords1750001000000 } from './migrations/events/1750001000000-name-passwords.js';
import { CountAttempts1750001100000 } from './migrations/events/1750001100000-count-attempts.js';
import { CreateUserView1750000100000 } from './migrations/views/1750000100000-create-user-view.js';
import { AddLooks1750001100000 } from './migrations/views/1750001100000-add-looks.js';
import { GetUserAtHandler } from './queries/get-user-at/get-user-at.handler.js';
import { GetUserHandler } from './queries/get-user/get-user.handler.js';
import { ListUserHistoryHandler } from './queries/list-user-history/list-user-history.handler.js';
import { ListUsersHandler } from './queries/list-users/list-users.handler.js';
import { UserView } from './read-models/user-view/user-view.entity.js';
import { UserViewProjection } from './read-models/user-view/user-view.projection.js';
import { PasswordResetsController } from './password-resets.controller.js';
import { RolesController } from './roles.controller.js';
import { SessionsController } from './sessions.controller.js';
import { ErasedCredentialsHandler } from './side-effects/erased-credentials/erased-credentials.handler.js';
import { ResetMailHandler } from './side-effects/reset-mail/reset-mail.handler.js';
import { UserMails } from './mails/user-mails.js';
import { WelcomeMailHandler } from './side-effects/welcome-mail/welcome-mail.handler.js';
import { WrongSignInsMailHandler } from './side-effects/wrong-sign-ins-mail/wrong-sign-ins-mail.handler.js';
import { UserAccessModule } from './user-access.module.js';
import { UsersController } from './users.controller.js';

const COMMAND_HANDLERS = [
  RegisterUserHandler,
  RegisterFirstOperatorHandler,
  SignInHandler,
  ChangeEmailHandler,
  ChangeUsernameHandler,
  RevertProfileHandler,
  GrantRoleHandler,
  RevokeRoleHandler,
  ChangePasswordHandler,
  EndSessionHandler,
  EndSessionsHandler,
  RequestPasswordResetHandler,
  ResetPasswordHandler,
  NoticeWrongSignInsHandler,
  ForgetUserHandler,
];
const QUERY_HANDLERS = [GetUserHandler, GetUserAtHandler, ListUsersHandler, ListUserHistoryHandler];

@Module({
  imports: [
    UserAccessModule,
    EventSourcingModule.forFeature({
      aggregates: [User],
      decisionModels: [NameClaims, Operators, WelcomeMails],
      readModels: [UserView],
      besideTheLog: [CredentialEntity, AttemptCountEntity],
      migrations: {
        events: [CreateCredentials1750000100000, NamePasswords1750001000000, CountAttempts1750001100000],
        views: [CreateUserView1750000100000, AddLooks1750001100000],
      },
    }),
  ],
  controllers: [
    UsersController,
    RolesController,
    SessionsController,
    PasswordResetsController,
    ErasureController,
    PersonalDataController,
  ],
  providers: [
    ...COMMAND_HANDLERS,
    ...QUERY_HANDLERS,
    UserViewProjection,
    WelcomeMailHandler,
    ResetMailHandler,
    WrongSignInsMailHandler,
    ErasedCredentialsHandler,
    UserMails,
    ResetTokens,
    PasswordCheck,
    NewPassword,
    Credentials,
    PasswordCost,
    PasswordHasher,
    SignInAttempts,
    SignInDelay,
    WrongSignInNotice,
    AttemptCounts,
    RequestLimits,
    RequestRate,
    RegisteredUsers,
    FreeNames,
    ForgottenUsers,
    { provide: ForgettingAgain, useClass: RestoredUsers },
  ],
  exports: [Credentials, AttemptCounts, RegisteredUsers],
})
export class UsersModule {}
