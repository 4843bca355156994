package google

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"heed/transcribe"
	"heed/transcribe/remote/remotetest"
)

// The service's limits, from its quotas page and from what users report.
const (
	fakeMaxChunk = 25600
	fakeMaxAge   = 5 * time.Minute
	fakeMaxQuiet = 10 * time.Second
	fakeKey      = "key-that-must-stay-secret"
)

// fake is the service as its document describes it. It hears by an ear that
// knows only the audio it was sent.
type fake struct {
	speechpb.UnimplementedSpeechServer
	ear  func(rate int) *remotetest.Ear
	plan func(session int) plan // how a session misbehaves
	auth func(metadata.MD) error

	mu       sync.Mutex
	openings []*speechpb.StreamingRecognizeRequest
	expired  int // streams that hit a limit
}

// plan is one session's misbehaviour. The zero value is good service.
type plan struct {
	refuse error                                                      // at once
	after  time.Duration                                              // of audio, until
	fail   error                                                      // this,
	junk   proto.Message                                              // or this message comes, or
	bye    bool                                                       // a polite end that nobody asked for
	answer func(*speechpb.StreamingRecognizeResponse) []proto.Message // instead of each answer
	mute   bool                                                       // says nothing at the end, and stays
}

// sessions is how many streams were opened.
func (f *fake) sessions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.openings)
}

// expire ends a stream at one of the limits.
func (f *fake) expire(limit string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.expired++
	return status.Error(codes.Aborted, limit)
}

// limits is how many streams hit one.
func (f *fake) limits() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.expired
}

// opening is the first message of a session.
func (f *fake) opening(session int) *speechpb.StreamingRecognizeRequest {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.openings[session]
}

// StreamingRecognize is the service's only method that we use.
func (f *fake) StreamingRecognize(stream speechpb.Speech_StreamingRecognizeServer) error {
	header, _ := metadata.FromIncomingContext(stream.Context())
	if err := f.auth(header); err != nil {
		return err
	}
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	if err := checkOpening(first); err != nil {
		return err
	}
	f.mu.Lock()
	s := &fakeSession{fake: f, stream: stream, plan: f.plan(len(f.openings))}
	f.openings = append(f.openings, first)
	f.mu.Unlock()
	if s.plan.refuse != nil {
		return s.plan.refuse
	}
	s.ear = f.ear(int(first.GetStreamingConfig().GetConfig().GetExplicitDecodingConfig().GetSampleRateHertz()))
	return s.run()
}

// withKey wants the API key.
func withKey(header metadata.MD) error {
	if got := header.Get("x-goog-api-key"); len(got) != 1 || got[0] != fakeKey {
		return status.Error(codes.Unauthenticated, "API key not valid. Please pass a valid API key.")
	}
	return nil
}

// recognizerName is the documented form.
var recognizerName = regexp.MustCompile(`^projects/[\w.:-]+/locations/[\w-]+/recognizers/[\w-]+$`)

// checkOpening refuses what the service refuses.
func checkOpening(r *speechpb.StreamingRecognizeRequest) error {
	config := r.GetStreamingConfig().GetConfig()
	audio := config.GetExplicitDecodingConfig()
	rate := audio.GetSampleRateHertz()
	switch {
	case config == nil:
		return status.Error(codes.InvalidArgument, "The first message must contain a streaming_config.")
	case !recognizerName.MatchString(r.GetRecognizer()):
		return status.Error(codes.InvalidArgument, "Invalid resource field value in the request.")
	case audio.GetEncoding() != speechpb.ExplicitDecodingConfig_LINEAR16 || rate < 8000 || rate > 48000 || audio.GetAudioChannelCount() != 1:
		return status.Error(codes.InvalidArgument, "Invalid explicit_decoding_config.")
	case config.GetModel() == "" || len(config.GetLanguageCodes()) == 0:
		return status.Error(codes.InvalidArgument, "model and language_codes are required.")
	}
	for _, set := range config.GetAdaptation().GetPhraseSets() {
		inline := set.GetInlinePhraseSet()
		if n := len(inline.GetPhrases()); n == 0 || n > 1200 {
			return status.Errorf(codes.InvalidArgument, "Phrase set has %d phrases.", n)
		}
		if inline.GetBoost() < 0 || inline.GetBoost() > 20 {
			return status.Error(codes.InvalidArgument, "Boost values must be between 0 and 20.")
		}
	}
	return nil
}

// fakeSession is one stream of the fake.
type fakeSession struct {
	fake   *fake
	stream speechpb.Speech_StreamingRecognizeServer
	plan   plan
	ear    *remotetest.Ear
}

// run takes audio until the client is done or a limit is hit.
func (s *fakeSession) run() error {
	ctx, cancel := context.WithCancel(s.stream.Context())
	defer cancel()
	type message struct {
		r   *speechpb.StreamingRecognizeRequest
		err error
	}
	in := make(chan message)
	go func() { // ends with the stream
		for {
			r, err := s.stream.Recv()
			select {
			case in <- message{r, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	age := time.NewTimer(fakeMaxAge)
	defer age.Stop()
	quiet := time.NewTimer(fakeMaxQuiet)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-age.C:
			return s.fake.expire("Max duration of 5 minutes reached for stream.")
		case <-quiet.C:
			return s.fake.expire("Stream timed out after receiving no more client requests.")
		case m := <-in:
			quiet.Reset(fakeMaxQuiet)
			if errors.Is(m.err, io.EOF) {
				return s.finish()
			}
			if m.err != nil {
				return m.err
			}
			if over, err := s.take(m.r); over || err != nil {
				return err
			}
		}
	}
}

// take hears one message of audio.
func (s *fakeSession) take(r *speechpb.StreamingRecognizeRequest) (over bool, err error) {
	chunk := r.GetAudio()
	switch {
	case r.GetStreamingConfig() != nil || len(chunk) == 0:
		return true, status.Error(codes.InvalidArgument, "Expected audio after the first message.")
	case len(chunk) > fakeMaxChunk:
		return true, status.Errorf(codes.InvalidArgument, "Audio chunk can be of a a maximum of 25600 bytes. Received audio of %d bytes instead.", len(chunk))
	case len(chunk)%2 != 0:
		return true, status.Error(codes.InvalidArgument, "LINEAR16 audio has whole samples.")
	}
	pcm := make([]int16, len(chunk)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(chunk[2*i:]))
	}
	if err := s.tell(s.ear.Hear(pcm)); err != nil {
		return true, err
	}
	if s.plan.after == 0 || s.ear.Now() < s.plan.after {
		return false, nil
	}
	if s.plan.junk != nil {
		return false, s.stream.SendMsg(s.plan.junk)
	}
	return s.plan.bye, s.plan.fail
}

// finish says what is left.
func (s *fakeSession) finish() error {
	if s.plan.mute {
		<-s.stream.Context().Done()
		return s.stream.Context().Err()
	}
	return s.tell(s.ear.Finish())
}

// tell sends what was heard.
func (s *fakeSession) tell(events []remotetest.Event) error {
	for _, e := range events {
		answers := []proto.Message{answerOf(e)}
		if s.plan.answer != nil {
			answers = s.plan.answer(answerOf(e))
		}
		for _, a := range answers {
			if err := s.stream.SendMsg(a); err != nil {
				return fmt.Errorf("answer: %w", err)
			}
		}
	}
	return nil
}

// answerOf is an event in the service's words: a final with its words' times,
// or two interim results, the stable beginning and the rest.
func answerOf(e remotetest.Event) *speechpb.StreamingRecognizeResponse {
	end := durationpb.New(e.Words[len(e.Words)-1].End)
	if !e.Final {
		n := len(e.Words) - 1
		out := []*speechpb.StreamingRecognitionResult{interim(e.Words[n:], 0.1)}
		if n > 0 {
			out = append([]*speechpb.StreamingRecognitionResult{interim(e.Words[:n], 0.9)}, out...)
		}
		return &speechpb.StreamingRecognizeResponse{Results: out}
	}
	best := &speechpb.SpeechRecognitionAlternative{Transcript: written(e.Words) + ".", Confidence: 0.9}
	for _, w := range e.Words {
		best.Words = append(best.Words, &speechpb.WordInfo{
			Word: w.Text, Confidence: 0.8, StartOffset: durationpb.New(w.Start), EndOffset: durationpb.New(w.End),
		})
	}
	return &speechpb.StreamingRecognizeResponse{Results: []*speechpb.StreamingRecognitionResult{{
		IsFinal: true, ResultEndOffset: end, LanguageCode: "en-us",
		Alternatives: []*speechpb.SpeechRecognitionAlternative{best, {Transcript: "something else"}},
	}}}
}

// interim is one unsettled result. Words have no times in it.
func interim(words []transcribe.Word, stability float32) *speechpb.StreamingRecognitionResult {
	return &speechpb.StreamingRecognitionResult{
		Stability: stability, ResultEndOffset: durationpb.New(words[len(words)-1].End),
		Alternatives: []*speechpb.SpeechRecognitionAlternative{{Transcript: " " + written(words)}},
	}
}

// written begins with a capital, as the service does.
func written(words []transcribe.Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	all := strings.Join(texts, " ")
	return strings.ToUpper(all[:1]) + all[1:]
}

// newFake is good service in memory. Everything ends with the test.
func newFake(t *testing.T) (*fake, *Engine) {
	t.Helper()
	f := &fake{ear: remotetest.NewEar, auth: withKey, plan: func(int) plan { return plan{} }}
	listener := bufconn.Listen(1 << 20)
	serve(t, f, listener)
	e, err := New(Options{Key: fakeKey, URL: "http://127.0.0.1:1", Project: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	e.shared.options = append(e.shared.options, option.WithGRPCDialOption(
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) })))
	closeAfter(t, e)
	return f, e
}

// serve runs the fake on a listener until the test ends.
func serve(t *testing.T, f *fake, listener net.Listener, o ...grpc.ServerOption) {
	t.Helper()
	server := grpc.NewServer(o...)
	speechpb.RegisterSpeechServer(server, f)
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(listener); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	t.Cleanup(func() { server.Stop(); serving.Wait() })
}

// closeAfter closes an engine when the test ends, before its server.
func closeAfter(t *testing.T, e *Engine) {
	t.Helper()
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}
