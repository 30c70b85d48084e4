// Fills in where one stands, when a note is written outdoors.
const form = document.querySelector("form[data-place]");
if (form && "geolocation" in navigator) {
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    for (const name of ["latitude", "longitude"]) {
      form.elements[name].value ||= coords[name].toFixed(5);
    }
  });
}
