// Lets Node find what a browser finds below /shared/.

/** @type {import("node:module").ResolveHook} */
export const resolve = (name, context, next) =>
  next(
    name.startsWith("/shared/")
      ? new URL(`../../../shared/web/${name.slice(8)}`, import.meta.url).href
      : name,
    context,
  );
