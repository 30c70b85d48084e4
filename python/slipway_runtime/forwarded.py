"""What the edge says about the client. Only the edge reaches the socket, and it overwrites these headers, so they are believed."""
import ipaddress

LOOPBACK = '127.0.0.1'


def address(text):
    """An IP address as X-Real-IP gives it, or None for anything else."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None


def scheme(text):
    """'http' or 'https' as X-Forwarded-Proto gives it, or None for anything else."""
    name = text.strip().lower()
    return name if name in ('http', 'https') else None
