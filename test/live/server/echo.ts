import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of a request reaches the app, and what it had as a body. */
const ECHO = `
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
@csrf_exempt
def echo(request, rest=''):
    told = {name: value for name, value in request.META.items() if name.startswith(('HTTP_', 'REMOTE_'))}
    return JsonResponse({**told, 'path': request.path, 'secure': request.is_secure(), 'body': len(request.body)})
`;

/** The example `allotment` gets uploads, and views at `/echo/` that tell what the app itself sees. */
export function addEcho(project: string): void {
  appendFileSync(join(project, 'plots/views.py'), ECHO);
  appendFileSync(join(project, 'allotment/settings.py'), '\nMEDIA_URL = "/media/"\nMEDIA_ROOT = BASE_DIR / "media"\n');
  const urls = join(project, 'plots/urls.py');
  const routes = 'path("echo/", views.echo), path("echo/<path:rest>", views.echo),';
  writeFileSync(urls, readFileSync(urls, 'utf8').replace('urlpatterns = [', `urlpatterns = [${routes}`));
}
