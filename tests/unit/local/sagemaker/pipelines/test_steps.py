from local.sagemaker.pipelines.steps import job_name


def test_job_names() -> None:
    assert job_name("", "abc123", "TrainModel").startswith("pipelines-abc123-TrainModel-")
    assert job_name("prepare", "abc123", "PrepareData").startswith("prepare-abc123-")
    assert len(job_name("", "abc123", "S" * 100)) == 63
