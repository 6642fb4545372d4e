interface Operation {
  readonly summary?: string;
  readonly description?: string;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** Operations of an OpenAPI document without a summary or a description: `GET /users`. Add `@ApiOperation` to each. */
export function undocumentedIn({ paths }: { readonly paths: Readonly<Record<string, object>> }): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>)
      .filter(
        ([method, { summary, description }]) => METHODS.includes(method) && (!summary?.trim() || !description?.trim()),
      )
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
}
