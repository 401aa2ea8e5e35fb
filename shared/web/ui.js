// What both pages draw with: Preact, its hooks, and htm bound to it. No other module imports the
// vendor files.
import { h } from "./vendor/preact.js";
import htm from "./vendor/htm.js";

export { Component, createContext, Fragment, h, render } from "./vendor/preact.js";
export {
  useCallback,
  useContext,
  useEffect,
  useErrorBoundary,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "./vendor/hooks.js";

/** Tagged template that makes virtual nodes: html`<b>${text}</b>`. Text is never parsed as markup. */
export const html = htm.bind(h);
