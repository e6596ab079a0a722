// The page: what is seen, and what is done to it.

const TOLD = JSON.parse(document.getElementById("told").textContent);
