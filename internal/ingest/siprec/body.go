package siprec

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// What a body may be.
const (
	sdpType      = "application/sdp"
	mixedType    = "multipart/mixed"
	metadataType = "application/rs-metadata+xml"
	metadataBare = "application/rs-metadata" // as some write it

	accepted = sdpType + ", " + metadataType + ", " + mixedType
)

// maxParts bounds the parts of a body.
const maxParts = 8

// body is what a message carries. Both parts may be missing.
type body struct{ sdp, metadata []byte }

// readBody takes a body apart by its Content-Type.
func readBody(contentType, encoding string, raw []byte) (body, error) {
	if len(raw) == 0 {
		return body{}, nil
	}
	if encoding != "" && !strings.EqualFold(encoding, "identity") {
		return body{}, unsupportedMedia("the body must not be compressed")
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return body{}, unsupportedMedia("the Content-Type is none")
	}
	var b body
	switch {
	case kind == mixedType && params["boundary"] == "":
		return body{}, badRequest("the multipart body has no boundary")
	case kind == mixedType:
		return readParts(params["boundary"], raw)
	case !b.take(kind, raw):
		return body{}, unsupportedMedia("the body must be SDP, rs-metadata or both")
	}
	return b, nil
}

// take keeps what is known of a part; the first of its kind counts.
func (b *body) take(kind string, raw []byte) bool {
	switch kind {
	case sdpType:
		if b.sdp == nil {
			b.sdp = raw
		}
	case metadataType, metadataBare:
		if b.metadata == nil {
			b.metadata = raw
		}
	default:
		return false
	}
	return true
}

// readParts reads a multipart body. Parts of other types are passed over.
func readParts(boundary string, raw []byte) (body, error) {
	var b body
	r := multipart.NewReader(bytes.NewReader(raw), boundary)
	for n := 0; ; n++ {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || n >= maxParts {
			return body{}, badRequest("the multipart body is malformed")
		}
		part, err := io.ReadAll(p)
		if err != nil {
			return body{}, badRequest("the multipart body is cut off")
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")) // what has none is passed over
		b.take(kind, part)
	}
	return b, nil
}
