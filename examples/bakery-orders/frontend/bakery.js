import { showName } from './js/picture.js';
import { total } from './js/total.js';

for (const form of document.querySelectorAll('form[data-price]')) {
  const show = () => {
    form.querySelector('output').textContent = total(form.elements.portions.value, form.dataset.price);
  };
  form.addEventListener('input', show);
  show();
  showName(form.elements.picture);
}
