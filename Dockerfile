# The long-running worker: the same tree and the same locked libraries as the functions, as one process.
#     docker build --platform linux/arm64 --tag companion-worker .
# How it is told to be alive stands in the task definition (components/fargate.py): ECS reads no HEALTHCHECK from here.
FROM public.ecr.aws/docker/library/python:3.13-slim

WORKDIR /companion
COPY requirements/function.txt requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: --requirement requirements/function.txt
COPY runtime runtime
RUN python -m compileall -q runtime && useradd --system --uid 10001 companion

USER 10001
ENV PYTHONUNBUFFERED=1
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "runtime", "worker"]
