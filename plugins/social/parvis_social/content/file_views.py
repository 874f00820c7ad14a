"""Files as browsers ask for them: one that is sent by itself, and one that is shown or downloaded."""

from hashlib import blake2b

from flask import Response, g, jsonify, request
from parvis.api import DomainError, db, needs

from ..permission import SocialPermission
from ..web import bp
from .card import file_url
from .file import File, get_file_for, keep_file, prepare_files, read_file

ASK_EACH_TIME = "private, no-cache"
"""Who may read something can change at any moment: browsers keep files, and ask before they show them."""


@bp.post("/social/files")
@needs(SocialPermission.USE)
def send_file() -> Response:
    """Keep files sent by themselves, such as pasted pictures; the form that is sent later names them."""
    try:
        prepared = prepare_files(request.files.getlist("files"), actor=g.member)
        words = request.form.getlist("alternative")
        kept = [
            keep_file(prepared=each, actor=g.member, alternative="".join(words[number : number + 1]))
            for number, each in enumerate(prepared)
        ]
    except DomainError as refusal:
        db.session.rollback()
        answer = jsonify(error=refusal.message)
        answer.status_code = refusal.status
        return answer
    return jsonify(files=[_told(file) for file in kept])


def _told(file: File) -> dict[str, object]:
    shown = {"id": file.id, "name": file.name}
    picture = file.width is not None
    return {**shown, "size": file.size, "picture": picture, "url": file_url(shown, "thumb" if picture else "")}


@bp.get("/social/files/<int:file_id>/<name>")
@needs(SocialPermission.USE)
def file(file_id: int, name: str) -> Response:
    """Answer a file that the member may see. Pictures of ours are shown; anything else is downloaded."""
    found = get_file_for(g.member, file_id)
    size = request.args.get("size", "large")
    mark = blake2b(f"{found.media_key} {size}".encode(), digest_size=12).hexdigest()
    if request.if_none_match.contains_weak(mark):
        response = Response(status=304)
    else:
        response = Response(read_file(found, size), mimetype=found.content_type)
        way = "inline" if found.width is not None else "attachment"
        response.headers.set("Content-Disposition", way, filename=found.name)
    response.set_etag(mark)
    response.headers["Cache-Control"] = ASK_EACH_TIME
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
