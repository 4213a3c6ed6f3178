// Asks Teams for a token of whoever has the tab open, hands it in, and opens the page anew with the cookie it gave.
(async () => {
  "use strict";
  const SAID = {
    401: "Inloggningen godtogs inte. Stäng Teams, öppna det igen och försök på nytt.",
    403: "Stafett känner inte igen dig än. Skriv hej till Stafett i chatten, och öppna Tavlan igen.",
    429: "Det blev för många försök. Vänta en minut och försök igen.",
    cookie: "Teams sparar inte inloggningen. Öppna Tavlan i Teams egen app i stället för i webbläsaren.",
    teams: "Tavlan öppnas i Teams. Välj Stafett i vänsterlisten och sedan Tavlan.",
  };
  const AGAIN = "tavlan-inloggad";
  const say = (text) => {
    document.getElementById("besked").textContent = text;
    document.getElementById("igen").hidden = false;
  };
  const teams = window.microsoftTeams;
  try {
    await teams.app.initialize();
    document.documentElement.dataset.theme = (await teams.app.getContext()).app.theme;
  } catch {
    return say(SAID.teams);
  }
  try {
    const token = await teams.authentication.getAuthToken();
    const answer = await fetch("/tavlan/in", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) return say(SAID[answer.status] || "Stafett svarar inte. Försök igen om en stund.");
    const address = new URL(window.location.href);
    address.pathname = address.pathname.replace(/\/oppna$/, "");
    if (address.searchParams.has(AGAIN)) return say(SAID.cookie);
    address.searchParams.set(AGAIN, "1");
    address.searchParams.set("theme", document.documentElement.dataset.theme);
    window.location.replace(address.href);
  } catch {
    say("Teams kunde inte logga in dig. Försök igen om en stund.");
  }
})();
