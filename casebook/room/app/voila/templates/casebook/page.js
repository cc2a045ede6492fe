// Light or dark: what the player chose here before, else what the system prefers.
function casebookDark() {
  const said = localStorage.getItem("casebook-theme");
  return said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function casebookTheme() {
  const dark = casebookDark();
  document.documentElement.dataset.casebookTheme = dark ? "dark" : "light";
  document.body.dataset.jpThemeLight = String(!dark);
  document.getElementById("casebook-theme")?.setAttribute("aria-pressed", String(dark));
}

function casebookToggle() {
  document.getElementById("casebook-theme").addEventListener("click", () => {
    localStorage.setItem("casebook-theme", casebookDark() ? "light" : "dark");
    casebookTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", casebookTheme);
  casebookTheme();
}
