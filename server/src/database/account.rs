//! As whom PostgreSQL runs: as we do, but never as root.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown, fchown};
use std::path::Path;

use tokio::process::Command;

use super::{DatabaseError, io};

/// The account that owns PostgreSQL's files and runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// The name of the account that we run as, which is let in as well.
    pub own_name: String,
    uid: u32,
    gid: u32,
    is_other: bool,
}

impl Account {
    /// Our own account; where that is root's, the one called `postgres`.
    ///
    /// # Errors
    /// There is no user `postgres`, or our user id has no name.
    pub async fn find() -> Result<Self, DatabaseError> {
        let uid = id(&["-u"]).await?.unwrap_or_default();
        let Some(own_name) = id(&["-un"]).await? else {
            return Err(DatabaseError::NoUserName(uid));
        };
        let is_other = uid == "0";
        let name = if is_other {
            "postgres".to_owned()
        } else {
            own_name.clone()
        };
        let (Some(uid), Some(gid)) = (id(&["-u", &name]).await?, id(&["-g", &name]).await?) else {
            return Err(DatabaseError::NoPostgresUser);
        };
        match (uid.parse(), gid.parse()) {
            (Ok(uid), Ok(gid)) => Ok(Self {
                name,
                own_name,
                uid,
                gid,
                is_other,
            }),
            _ => Err(DatabaseError::NoPostgresUser),
        }
    }

    /// A command that this account runs, with an environment of its own and nothing of ours.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C")
            .current_dir("/");
        if self.is_other {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes the directory in which ours lies, unless it is there, and tells whether this account can enter it.
    ///
    /// # Errors
    /// It can't be made, or the account can't enter it.
    pub async fn make_enterable(&self, directory: &Path) -> Result<(), DatabaseError> {
        if !directory.exists() {
            let what = || format!("{} could not be made", directory.display());
            fs::create_dir_all(directory).map_err(io(what()))?;
            let mode = if self.is_other { 0o711 } else { 0o700 };
            fs::set_permissions(directory, Permissions::from_mode(mode)).map_err(io(what()))?;
        }
        let enterable = self.command("/usr/bin/test").arg("-x").arg(directory).status().await;
        if enterable.map_err(io("test could not be run"))?.success() {
            return Ok(());
        }
        Err(DatabaseError::Closed {
            directory: directory.to_owned(),
            user: self.name.clone(),
        })
    }

    /// Makes a directory that is this account's alone (0700), and sees to it that nobody else made it before.
    ///
    /// # Errors
    /// It can't be made, or belongs to someone else.
    pub fn make_private(&self, directory: &Path) -> Result<(), DatabaseError> {
        let what = || format!("{} could not be made", directory.display());
        match fs::DirBuilder::new().mode(0o700).create(directory) {
            Ok(()) => self.own(directory),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let found = fs::symlink_metadata(directory).map_err(io(what()))?;
                let is_ours = found.is_dir() && found.uid() == self.uid && found.mode() & 0o077 == 0;
                if is_ours {
                    Ok(())
                } else {
                    Err(DatabaseError::NotOurs(directory.to_owned()))
                }
            }
            Err(error) => Err(io(what())(error)),
        }
    }

    /// Writes a file that is this account's alone (0600). The folder may be the account's too, so no link in it is followed:
    /// a new file takes the old one's place.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, file: &Path, text: &str) -> Result<(), DatabaseError> {
        let what = || format!("{} could not be written", file.display());
        let fresh = file.with_extension("new");
        _ = fs::remove_file(&fresh);
        let open = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&fresh);
        let mut open = open.map_err(io(what()))?;
        open.write_all(text.as_bytes()).map_err(io(what()))?;
        if self.is_other {
            fchown(&open, Some(self.uid), Some(self.gid)).map_err(io(what()))?;
        }
        fs::rename(&fresh, file).map_err(io(what()))
    }

    fn own(&self, path: &Path) -> Result<(), DatabaseError> {
        if !self.is_other {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).map_err(io(format!("{} could not be handed over", path.display())))
    }
}

/// What `id` prints; none where there is no such user. It knows every source of names that the machine is set up for.
async fn id(arguments: &[&str]) -> Result<Option<String>, DatabaseError> {
    let output = Command::new("id")
        .args(arguments)
        .output()
        .await
        .map_err(io("id could not be run"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(output.status.success().then_some(text))
}
