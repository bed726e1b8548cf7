// The filter of the findings, and links that open what they lead to: all that the page needs a script for.
const box = document.getElementById('filter');

function filter() {
  const words = box.value.toLowerCase().split(/\s+/);
  const items = [...document.querySelectorAll('#list > details')];
  for (const item of items) {
    const text = item.textContent.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
  const shown = items.filter((item) => !item.hidden).length;
  document.getElementById('count').textContent = `${shown} of ${items.length} shown`;
}

if (box) {
  box.parentElement.hidden = false;
  box.addEventListener('input', filter);
}

document.addEventListener('click', ({ target }) => {
  const hash = target.closest('a[href^="#"]')?.getAttribute('href');
  const details = hash && document.querySelector(hash)?.closest('details');
  if (!details) return;
  if (details.hidden) {
    box.value = '';
    filter();
  }
  details.open = true;
});
