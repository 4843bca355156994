package openai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"time"

	"heed/transcribe"
	"heed/transcribe/audio"
	"heed/transcribe/remote"
)

const (
	// attempts is how often one stretch is posted.
	attempts = 4
	// firstWait is the pause after the first failure; it doubles.
	firstWait = 500 * time.Millisecond
	// longestWait is the longest pause that a service may ask for before the
	// call goes on without it.
	longestWait = 10 * time.Second
	// postWithin bounds one request, and giveUp all of them for one stretch. A
	// stretch is 15 seconds of speech at most; a server that needs longer than
	// that to hear it cannot follow a call.
	postWithin = 30 * time.Second
	giveUp     = 45 * time.Second
	// maxReply bounds an answer. Fifteen seconds of speech with the times of
	// all words are under 20 kB.
	maxReply = 1 << 20
)

// ask gets a stretch's text, in several attempts if it must be. An error is
// the last word: asking again later would only make the captions later.
func (e *HTTP) ask(ctx context.Context, job *post, rate int) (remote.Result, error) {
	whole, cancel := context.WithTimeout(ctx, giveUp)
	defer cancel()
	wait, plain := firstWait, e.plain.Load()
	for n := 1; ; n++ {
		r, err := e.once(whole, job, rate, plain)
		switch {
		case err == nil:
			if plain {
				e.plain.Store(true) // it takes this form, and the other perhaps not
			}
			return r, nil
		case ctx.Err() != nil:
			return remote.Result{}, ctx.Err()
		case !plain && unsupported(err):
			plain = true // the same in the plain form is another question
			continue
		}
		pause, again := worthWaiting(err, wait)
		if !again || n >= attempts || sleep(whole, pause) != nil {
			return remote.Result{}, lastWord(err)
		}
		wait *= 2
	}
}

// lastWord gives an error the verdict that other engines should do it, unless
// it says so already.
func lastWord(err error) error {
	if failure, judged := errors.AsType[*transcribe.Error](err); judged && failure.Verdict == transcribe.UseAnother {
		return err
	}
	return remote.Refused(httpName, err)
}

// worthWaiting tells whether to post again after err, and when.
func worthWaiting(err error, wait time.Duration) (time.Duration, bool) {
	if limited, ok := errors.AsType[*remote.RateLimited](err); ok {
		wait = max(wait, limited.After)
		return wait, wait <= longestWait && !errors.Is(err, errQuota)
	}
	if failure, ok := errors.AsType[*answered](err); ok {
		wait = max(wait, failure.after)
	}
	failure, judged := errors.AsType[*transcribe.Error](err)
	return wait, wait <= longestWait && (!judged || failure.Verdict == transcribe.Retry)
}

// sleep waits unless ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// once posts a stretch.
func (e *HTTP) once(ctx context.Context, job *post, rate int, plain bool) (remote.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, postWithin)
	defer cancel()
	body, kind, err := e.form(job.pcm, rate, plain)
	if err != nil {
		return remote.Result{}, remote.Refused(httpName, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.o.URL+"/audio/transcriptions", body)
	if err != nil {
		return remote.Result{}, remote.Refused(httpName, errors.New("the address cannot be posted to"))
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Accept", "application/json")
	if e.o.Key != "" {
		request.Header.Set("Authorization", "Bearer "+e.o.Key)
	}
	answer, err := e.o.Client.Do(request)
	if err != nil {
		return remote.Result{}, fmt.Errorf("post: %w", withoutAddress(err))
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(answer.Body, maxReply+1))
	switch {
	case err != nil:
		return remote.Result{}, fmt.Errorf("read the answer: %w", err)
	case answer.StatusCode != http.StatusOK:
		return remote.Result{}, refusal(answer, b)
	case len(b) > maxReply:
		return remote.Result{}, remote.Refused(httpName, fmt.Errorf("answer of over %d bytes: %w", maxReply, remote.ErrFlood))
	}
	heard, err := parseReply(b)
	if err != nil {
		return remote.Result{}, remote.Refused(httpName, err)
	}
	return heard.place(job), nil
}

// withoutAddress takes the address out of a client's error.
func withoutAddress(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// form writes the request's body.
func (e *HTTP) form(pcm []int16, rate int, plain bool) (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields := [][2]string{{"model", e.o.Model}}
	if language := base(e.o.Language); language != "" {
		fields = append(fields, [2]string{"language", language})
	}
	fields = append(fields, e.vocabulary()...)
	if plain {
		fields = append(fields, [2]string{"response_format", "json"})
	} else {
		fields = append(fields, [2]string{"response_format", "verbose_json"},
			[2]string{granularities, "word"}, [2]string{granularities, "segment"})
	}
	if plain && scored(e.o.Model) {
		fields = append(fields, [2]string{"include[]", "logprobs"})
	}
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, "", fmt.Errorf("write form: %w", err)
		}
	}
	file, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="speech.wav"`},
		"Content-Type":        {"audio/wav"},
	})
	if err == nil {
		header := audio.AppendWAVHeader(nil, audio.WAVFormat{Rate: rate, Channels: 1, Encoding: audio.PCM16}, int64(2*len(pcm)))
		_, err = file.Write(littleEndian(header, pcm))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, "", fmt.Errorf("write form: %w", err)
	}
	return &b, w.FormDataContentType(), nil
}

// granularities is the field that asks for times.
const granularities = "timestamp_granularities[]"

// vocabulary gives the fields for the phrases.
func (e *HTTP) vocabulary() [][2]string {
	words := keywords(e.o.Phrases)
	if len(words) == 0 || !promptable(e.o.Model) {
		return nil
	}
	if !listed(e.o.Model) {
		return [][2]string{{"prompt", prompt(words)}}
	}
	var out [][2]string
	for _, w := range words {
		out = append(out, [2]string{"keywords[]", w})
	}
	return out
}
