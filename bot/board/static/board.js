// What a page can do inside Teams beyond links: follow the theme, and open a chat in Teams itself.
// Without this script, or outside Teams, the page works all the same.
(async () => {
  "use strict";
  const teams = window.microsoftTeams;
  if (!teams || window.parent === window) return;
  const dress = (theme) => {
    document.documentElement.dataset.theme = theme;
    for (const link of document.querySelectorAll("nav a, .fresh a")) {
      const address = new URL(link.href);
      address.searchParams.set("theme", theme);
      link.href = address.href;
    }
  };
  try {
    await teams.app.initialize();
    dress((await teams.app.getContext()).app.theme);
    teams.app.registerOnThemeChangeHandler(dress);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.ref");
      if (!link) return;
      event.preventDefault();
      teams.app.openLink(link.href).catch(() => window.open(link.href, "_blank", "noopener"));
    });
  } catch {
    // Not in a frame of Teams: the links and the theme of the address do.
  }
})();
