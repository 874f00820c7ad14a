"""Files as browsers ask for them; they are sent with the form of what they are attached to."""

from hashlib import blake2b
from io import BytesIO

from flask import Response, g, request, send_file
from parvis.api import needs

from ..permission import SocialPermission
from ..web import bp
from .file import get_file_for, read_file

ASK_EACH_TIME = "private, no-cache"
"""Who may read something can change at any moment: browsers keep files, and ask before they show them."""


@bp.get("/social/files/<int:file_id>/<name>")
@needs(SocialPermission.USE)
def file(file_id: int, name: str) -> Response:
    """Answer a file that the member may see. Pictures of ours are shown; anything else is downloaded.

    `name` makes the address readable; what the file is called, its row says.
    """
    found = get_file_for(g.member, file_id)
    size = request.args.get("size", "large")
    mark = blake2b(f"{found.media_key} {size}".encode(), digest_size=12).hexdigest()
    if request.if_none_match.contains_weak(mark):
        response = Response(status=304)
    else:
        response = send_file(
            BytesIO(read_file(found, size)),
            mimetype=found.content_type,
            as_attachment=found.width is None,
            download_name=found.name,
        )
    response.set_etag(mark)
    response.headers["Cache-Control"] = ASK_EACH_TIME
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
