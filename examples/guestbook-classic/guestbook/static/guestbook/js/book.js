(function () {
  var area = document.querySelector('textarea');
  if (!area || !window.localStorage) return;
  // A guest who is called to dinner finds the page as it was left.
  area.value = area.value || localStorage.getItem('draft') || '';
  area.addEventListener('input', function () { localStorage.setItem('draft', area.value); });
  area.form.addEventListener('submit', function () { localStorage.removeItem('draft'); });
})();
