export { ApiAuthorizers } from './api-authorizers.ts';
export { API_ERRORS, ApiError, badRequest, notFound } from './api-error.ts';
export { ApiIntegrations } from './api-integrations.ts';
export type * from './api-record.ts';
export { ApiRoutes } from './api-routes.ts';
export { ApiStages } from './api-stages.ts';
export { Apis } from './apis.ts';
export { type ApisPart, openApis } from './open-apis.ts';
export { withoutTags, withTags } from './tags.ts';
