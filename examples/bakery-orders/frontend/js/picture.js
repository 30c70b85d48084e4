const LARGEST = 10 * 1024 * 1024;

/** Says at once what the server would say after the upload. */
export function showName(input) {
  input?.addEventListener('change', () => {
    const [file] = input.files;
    input.setCustomValidity(file && file.size > LARGEST ? 'That is more than 10 MB.' : '');
    input.reportValidity();
  });
}
