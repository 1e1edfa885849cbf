// Before the first paint: a kept choice of light or dark. A preference is not conversation, so it may stay in the browser.
{
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
}
