//! One request to the API server: sent again where that can help, and bounded in size and time.

use std::io::Read;
use std::time::Duration;

use analysis::model::decode;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kube::Client;
use kube::client::Body;

use super::{retry, words};

/// The largest body, as it comes and as it unpacks. A larger page is asked for again in smaller ones.
pub(super) const MAX_BODY: usize = 32 << 20;
/// Enough for the metadata of a list, which stands before its items.
const BEGINNING: u64 = 4096;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Why there is no answer to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 401: who asks is not known.
    Unauthorised(String),
    /// 403: who asks may not.
    Forbidden(String),
    /// 404.
    Absent,
    /// 410: the continue token is too old.
    Expired,
    /// The answer is larger than [`MAX_BODY`].
    TooLarge,
    /// Anything else, in words.
    Failed(String),
}

/// The body of an answer, as it came.
#[derive(Debug)]
pub(super) struct Answer {
    body: Bytes,
    is_gzip: bool,
}

impl Answer {
    /// How many bytes came.
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    /// How the body begins, unpacked: a few kilobytes of it, or less where it is no valid gzip.
    pub(super) fn beginning(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let body = self.body.as_ref();
        _ = match self.is_gzip {
            true => MultiGzDecoder::new(body).take(BEGINNING).read_to_end(&mut bytes),
            false => body.take(BEGINNING).read_to_end(&mut bytes),
        };
        bytes
    }

    /// The body, unpacked.
    ///
    /// # Errors
    /// It unpacks to more than [`MAX_BODY`], or is no gzip.
    pub(super) fn unpack(self) -> Result<Bytes, Refusal> {
        if !self.is_gzip {
            return Ok(self.body);
        }
        let mut unpacked = Vec::with_capacity(self.body.len().saturating_mul(4).min(MAX_BODY));
        let mut bounded = MultiGzDecoder::new(self.body.as_ref()).take(MAX_BODY as u64 + 1);
        bounded
            .read_to_end(&mut unpacked)
            .map_err(|_| Refusal::Failed("the answer is no valid gzip".into()))?;
        if unpacked.len() > MAX_BODY {
            Err(Refusal::TooLarge)
        } else {
            Ok(unpacked.into())
        }
    }
}

/// How one attempt ended.
enum Attempt {
    Answer(Answer),
    Refused(Refusal),
    /// Sending it again can help.
    Again {
        after: Option<Duration>,
        reason: String,
    },
}

/// Sends a GET, up to `tries` times.
pub(super) async fn get(client: &Client, path: &str, accept: &str, tries: u32) -> Result<Answer, Refusal> {
    let mut attempt = 0;
    loop {
        match send(client, path, accept).await {
            Attempt::Answer(answer) => return Ok(answer),
            Attempt::Refused(refusal) => return Err(refusal),
            Attempt::Again { reason, .. } if attempt + 1 >= tries => return Err(Refusal::Failed(reason)),
            Attempt::Again { after, .. } => {
                tokio::time::sleep(retry::wait(attempt, after, rand::random())).await;
                attempt += 1;
            }
        }
    }
}

async fn send(client: &Client, path: &str, accept: &str) -> Attempt {
    let request = Request::get(path)
        .header(ACCEPT, accept)
        .header(ACCEPT_ENCODING, "gzip")
        .body(Body::empty());
    let Ok(request) = request else {
        return Attempt::Refused(Refusal::Failed("the address is malformed".into()));
    };
    let exchange = async {
        match client.send(request).await {
            Ok(response) => receive(response).await,
            Err(error) => broken(&error),
        }
    };
    let silent = || Attempt::Again {
        after: None,
        reason: "the API server does not answer in time".into(),
    };
    tokio::time::timeout(REQUEST_TIMEOUT, exchange)
        .await
        .unwrap_or_else(|_| silent())
}

fn broken(error: &kube::Error) -> Attempt {
    match error {
        // Its text can hold what a credential plugin printed.
        kube::Error::Auth(_) => Attempt::Refused(Refusal::Failed("the credentials can't be obtained".into())),
        other => Attempt::Again {
            after: None,
            reason: words::root(other),
        },
    }
}

async fn receive(response: Response<Body>) -> Attempt {
    let (head, body) = response.into_parts();
    let is_gzip = head
        .headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == "gzip");
    let answer = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => Answer {
            body: body.to_bytes(),
            is_gzip,
        },
        Err(error) if error.is::<LengthLimitError>() => return Attempt::Refused(Refusal::TooLarge),
        Err(error) => {
            return Attempt::Again {
                after: None,
                reason: words::root(error.as_ref()),
            };
        }
    };
    if head.status.is_success() {
        return Attempt::Answer(answer);
    }
    let after = retry::retry_after(&head.headers);
    let said = answer.unpack().ok().and_then(|body| decode::status_message(&body));
    refuse(head.status, said, after)
}

fn refuse(status: StatusCode, said: Option<String>, after: Option<Duration>) -> Attempt {
    let reason = words::line(&said.unwrap_or_else(|| format!("the API server answered {status}")));
    match status.as_u16() {
        401 => Attempt::Refused(Refusal::Unauthorised(reason)),
        403 => Attempt::Refused(Refusal::Forbidden(reason)),
        404 => Attempt::Refused(Refusal::Absent),
        410 => Attempt::Refused(Refusal::Expired),
        429 | 500 | 502..=504 => Attempt::Again { after, reason },
        _ => Attempt::Refused(Refusal::Failed(reason)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tokio::time::Instant;

    use super::super::fake::{self, Reply, ok, reply};
    use super::*;

    async fn fetch(respond: impl Fn(usize, &str) -> Reply + Send + 'static) -> (Result<Bytes, Refusal>, usize) {
        let (client, asked) = fake::api(respond);
        let answer = get(&client, "/x", "application/json", retry::TRIES).await;
        let count = asked.lock().unwrap().len();
        (answer.and_then(Answer::unpack), count)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_waited_for() {
        let start = Instant::now();
        let busy = || reply(429, &[("retry-after", "7")], "");
        let (answer, _) = fetch(move |number, _| if number == 0 { busy() } else { ok("fine") }).await;
        assert_eq!(answer.unwrap(), "fine");
        assert!(start.elapsed() >= Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn broken_connection_is_tried_again() {
        let (answer, count) = fetch(|number, _| if number < 2 { Err("reset".into()) } else { ok("fine") }).await;
        assert_eq!((answer.unwrap().as_ref(), count), (b"fine".as_slice(), 3));
    }

    #[tokio::test(start_paused = true)]
    async fn broken_body_is_tried_again() {
        let cut = || {
            let parts = [Ok(Bytes::from("fi")), Err(std::io::Error::other("cut"))];
            Ok(Response::new(axum::body::Body::from_stream(futures::stream::iter(
                parts,
            ))))
        };
        let (answer, _) = fetch(move |number, _| if number == 0 { cut() } else { ok("fine") }).await;
        assert_eq!(answer.unwrap(), "fine");
    }

    #[tokio::test(start_paused = true)]
    async fn server_that_stays_busy_is_given_up() {
        let (answer, count) = fetch(|_, _| reply(503, &[], r#"{"message":"etcd is slow"}"#)).await;
        assert_eq!((answer, count), (Err(Refusal::Failed("etcd is slow".into())), 5));
    }

    #[tokio::test(start_paused = true)]
    async fn refusal_is_final_and_says_what_the_server_said() {
        let (answer, count) = fetch(|_, _| reply(403, &[], r#"{"message":"pods is forbidden"}"#)).await;
        assert_eq!(
            (answer, count),
            (Err(Refusal::Forbidden("pods is forbidden".into())), 1)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn server_that_never_answers_is_given_up() {
        let client = Client::new(tower::service_fn(|_| std::future::pending::<Reply>()), "default");
        let answer = get(&client, "/x", "application/json", 2).await;
        assert_eq!(
            answer.unwrap_err(),
            Refusal::Failed("the API server does not answer in time".into())
        );
    }

    #[tokio::test]
    async fn compressed_answer_is_unpacked() {
        let (answer, _) = fetch(|_, _| reply(200, &[("content-encoding", "gzip")], gzip(b"fine"))).await;
        assert_eq!(answer.unwrap(), "fine");
    }

    #[tokio::test]
    async fn answer_that_unpacks_to_too_much_is_refused() {
        let bomb = gzip(&vec![0; MAX_BODY + 1]);
        let (answer, _) = fetch(move |_, _| reply(200, &[("content-encoding", "gzip")], bomb.clone())).await;
        assert_eq!(answer, Err(Refusal::TooLarge));
    }

    #[tokio::test]
    async fn answer_that_is_too_large_is_refused() {
        let (answer, _) = fetch(|_, _| ok(vec![b' '; MAX_BODY + 1])).await;
        assert_eq!(answer, Err(Refusal::TooLarge));
    }
}
