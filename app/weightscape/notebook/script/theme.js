// Light or dark as the notebook is, which its document tells; where it does not, as the reader's system is.

// Of JupyterLab and Notebook, VS Code (whose light high contrast has the dark one's class, too), and Colab.
const LIGHT = '[data-jp-theme-light="true"], .vscode-light, .vscode-high-contrast-light, html[theme="light"]';
const DARK = '[data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast, html[theme="dark"]';
const SYSTEM = matchMedia("(prefers-color-scheme: light)");

function takeTheme() {
  const is = (those) => [document.documentElement, document.body].some((each) => each.matches(those));
  HOST.classList.toggle("light", is(LIGHT) || (SYSTEM.matches && !is(DARK)));
}

const themes = new MutationObserver(takeTheme);
const WHERE_TOLD = {attributes: true, attributeFilter: ["class", "theme", "data-jp-theme-light"]};
for (const each of [document.documentElement, document.body]) themes.observe(each, WHERE_TOLD);
SYSTEM.addEventListener("change", takeTheme, {signal: ENDED.signal});
ENDED.signal.addEventListener("abort", () => themes.disconnect());
takeTheme();
